//! The form by which anybody applies without an account.

use super::{employers, notice, words};
use crate::{
    State,
    applications::{eligibility::is_for_title, steps},
    endorsements::links,
    mail::{self, LinkKind, Template},
    people,
    rounds::{self, model::Terms, pages::facts},
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use maud::{Markup, html};
use serde_json::json;
use shared_database::{Change, column};
use shared_types::{
    DepartmentId, Gender, Language, OrganisationId, Problem, RoundId, Words,
    registration::{
        codes::{ROUND_DEADLINE_PASSED, ROUND_NOT_OPEN_YET},
        people::{NewPerson, PersonKind},
    },
};
use shared_web::{
    Context, Error,
    page::{self, Fields, Form, Label, Line, Text, figure::date},
};

/// The word with which the reader is sent on.
const SENT: &str = "sent";
/// Most unconfirmed applications of one address for one round in a day: mail for more would
/// only annoy whoever owns it.
const MOST_UNCONFIRMED: u64 = 5;
/// Most mails of the form to one address in a day, over all rounds, for the same reason.
const MOST_CONFIRMATIONS: u64 = 10;
/// A day in seconds.
const DAY: u64 = 24 * 3600;
/// Most characters of a name or title.
const MOST_NAME: usize = 200;
/// Most characters of a motivation.
const MOST_MOTIVATION: usize = 4000;
const FIELDS: [&str; 8] = [
    "name",
    "title",
    "organisationId",
    "department",
    "email",
    "kind",
    "gender",
    "motivation",
];

/// What the form is about.
#[derive(Debug)]
struct Subject {
    facts: facts::Facts,
    terms: Terms,
    employers: Vec<(OrganisationId, String)>,
    language: Language,
}

impl Subject {
    async fn of(state: &State, request: &HttpRequest) -> Result<Self, Problem> {
        let connection = state.database.read();
        let round = rounds::pages::announced(state, request).await?;
        let terms = Terms::read(&round)?;
        let elected_office = round.elected_office_id.is_some();
        Ok(Self {
            employers: employers::of_round(connection, &terms, elected_office).await?,
            language: page::language(request, Some(column::parse(&round.language)?)),
            facts: facts::read(connection, round).await?,
            terms,
        })
    }

    /// The kinds of person that may apply.
    fn kinds(&self) -> Vec<(&'static str, &'static Words)> {
        let all = [
            (
                PersonKind::EmployedManager,
                "employed_manager",
                &words::MANAGER,
            ),
            (PersonKind::Elected, "elected", &words::ELECTED),
            (PersonKind::Other, "other", &words::OTHER),
        ];
        let allowed = &self.terms.eligibility.person_kinds;
        let fits = |kind: &PersonKind| allowed.is_empty() || allowed.contains(kind);
        all.into_iter()
            .filter(|(kind, ..)| fits(kind))
            .map(|(_, value, words)| (value, words))
            .collect()
    }
}

pub(super) async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let subject = Subject::of(&state, &request).await?;
    let inner = if page::is_done(&request, SENT) {
        notice("yes", words::MAIL_SENT.get(subject.language))
    } else if let Err(refusal) = subject.terms.takes_applications(context.now) {
        closed(&subject, &refusal)
    } else {
        let mut form = Form::default();
        form.set("gender", "undisclosed");
        questions(&subject, &form)
    };
    Ok(page::respond(subject.language, view(&subject, &inner)))
}

pub(super) async fn send(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    let subject = Subject::of(&state, &request).await?;
    form.only(|name| FIELDS.contains(&name))?;
    let refuse = |status, inner: &Markup| {
        Ok(page::answer(
            status,
            subject.language,
            view(&subject, inner),
        ))
    };
    if let Err(refusal) = subject.terms.takes_applications(context.now) {
        return refuse(StatusCode::CONFLICT, &closed(&subject, &refusal));
    }
    let Some(applicant) = applicant(&state, &mut form, &subject).await? else {
        return refuse(StatusCode::BAD_REQUEST, &questions(&subject, &form));
    };
    let round = RoundId::from(subject.facts.id);
    let work = async |change: &mut Change| draft(change, round, applicant).await;
    state.database.change(context.actor(), work).await?;
    Ok(page::see(&request, SENT))
}

/// An applicant's form that holds together.
#[derive(Clone, Debug)]
struct Applicant {
    person: NewPerson,
    motivation: Option<String>,
}

/// Reads the form, and says in it what is wrong.
async fn applicant(
    state: &State,
    form: &mut Form,
    subject: &Subject,
) -> Result<Option<Applicant>, Problem> {
    let language = subject.language;
    let name = form.line(Text::of("name", &words::NAME, MOST_NAME, language));
    if name.contains(['@', '<', '>', '/', '\\']) {
        form.refuse(
            "name",
            words::NAME.get(language),
            words::NO_NAME.get(language),
        );
    }
    let email = facts::email(form, &words::EMAIL, language);
    let (title, organisation, department_id) = place(state, form, subject).await?;
    let kind = kind(form, subject);
    let motivation = Text::of("motivation", &words::MOTIVATION, MOST_MOTIVATION, language);
    let motivation = form.optional_text(motivation);
    let gender = gender(form, language);
    let (true, Some(organisation_id), Some(kind)) = (form.is_fine(), organisation, kind) else {
        return Ok(None);
    };
    let person = NewPerson {
        name,
        email,
        phone: None,
        title: Some(title),
        organisation_id,
        department_id,
        manager_id: None,
        kind,
        gender,
        language,
    };
    Ok(Some(Applicant { person, motivation }))
}

/// Title, organisation and department. A department that is not known yet stays readable
/// behind the title, as people write it themselves.
async fn place(
    state: &State,
    form: &mut Form,
    subject: &Subject,
) -> Result<(String, Option<OrganisationId>, Option<DepartmentId>), Problem> {
    let language = subject.language;
    let title = form.line(Text::of("title", &words::OWN_TITLE, MOST_NAME, language));
    if form.is_fine() && !is_for_title(&subject.terms.eligibility, Some(&title)) {
        let label = words::OWN_TITLE.get(language);
        form.refuse("title", label, words::NOT_FOR_TITLE.get(language));
    }
    let organisation = organisation(form, subject);
    let department = Text::of("department", &words::DEPARTMENT, MOST_NAME, language);
    let department = form.optional_line(department);
    let (Some(id), Some(department)) = (organisation, department) else {
        return Ok((title, organisation, None));
    };
    let known = employers::department(state.database.read(), id, &department).await?;
    if known.is_some() {
        return Ok((title, organisation, known));
    }
    let title = format!("{title}, {department}");
    if title.chars().count() > MOST_NAME && form.is_fine() {
        let label = words::DEPARTMENT.get(language);
        form.refuse("department", label, words::TOO_LONG_TOGETHER.get(language));
    }
    Ok((title, organisation, None))
}

fn organisation(form: &mut Form, subject: &Subject) -> Option<OrganisationId> {
    let language = subject.language;
    let chosen = form.get("organisationId").parse().ok();
    let known = chosen.filter(|id| subject.employers.iter().any(|(employer, _)| employer == id));
    if known.is_none() {
        form.refuse(
            "organisationId",
            words::ORGANISATION.get(language),
            words::CHOOSE_ORGANISATION.get(language),
        );
    }
    known
}

fn kind(form: &mut Form, subject: &Subject) -> Option<PersonKind> {
    let kinds = subject.kinds();
    let chosen = match (form.get("kind"), kinds.as_slice()) {
        ("", [(only, _)]) => only,
        (chosen, _) => chosen,
    };
    let kind = kinds.iter().find(|(value, _)| *value == chosen);
    let kind = kind.and_then(|(value, _)| column::parse(value).ok());
    if kind.is_none() {
        let language = subject.language;
        form.refuse(
            "kind",
            words::KIND.get(language),
            words::CHOOSE_KIND.get(language),
        );
    }
    kind
}

fn gender(form: &mut Form, language: Language) -> Gender {
    let chosen = form.get("gender");
    if chosen.is_empty() {
        return Gender::Undisclosed;
    }
    column::parse(chosen).unwrap_or_else(|_| {
        form.refuse(
            "gender",
            words::GENDER.get(language),
            words::CHOOSE_GENDER.get(language),
        );
        Gender::Undisclosed
    })
}

/// Keeps the application as a draft and asks the address to confirm it. Each form makes a
/// person of its own: an address alone proves nothing.
async fn draft(change: &mut Change, id: RoundId, applicant: Applicant) -> Result<(), Problem> {
    let locked = rounds::seats::lock(change, id).await?;
    let terms = Terms::read(&locked.round)?;
    terms.takes_applications(change.actor.at)?;
    let Applicant { person, motivation } = applicant;
    // In the address's turn, so that forms at once, for other rounds too, can't pass the limits
    // together.
    mail::turns::take(change, [person.email.as_str()]).await?;
    let waiting = employers::unconfirmed(change.tx(), id, &person.email, change.actor.at).await?;
    let asked = Template::ApplicationConfirm;
    let mailed = mail::queued_lately(change.tx(), asked, &person.email, DAY).await?;
    // Kept to ourselves: who fills in somebody else's address learns nothing about it.
    if waiting >= MOST_UNCONFIRMED || mailed >= MOST_CONFIRMATIONS {
        return Ok(());
    }
    let name = person.name.clone();
    let person = people::store::insert(change, person, false).await?;
    steps::eligible(change, &terms, &person).await?;
    let application = {
        let new = steps::New {
            motivation,
            ..steps::New::default()
        };
        steps::draft(change, &locked.round, &person, new).await?
    };
    let closes_on = terms.window.map(|(_, closes_on)| closes_on);
    let link = links::for_confirmation(change, &application, closes_on).await?;
    let facts =
        json!({ "personName": name, "roundName": locked.round.name, "answerBy": closes_on });
    let link = Some((LinkKind::ApplicationConfirm, link));
    steps::mail(change, &application, asked, facts, link).await
}

fn view(subject: &Subject, inner: &Markup) -> Markup {
    let language = subject.language;
    let address = format!("/registration/pages/rounds/{}", subject.facts.id);
    let inner = html! {
        p { a href=(address) { (page::text(&subject.facts.name, language)) } }
        (inner)
    };
    page::layout(
        crate::api::NAME,
        language,
        words::APPLY.get(language),
        &inner,
    )
}

fn closed(subject: &Subject, refusal: &shared_types::Refusal) -> Markup {
    let language = subject.language;
    let day = |words: &Words, day| words.fill(language, &[("date", date(day, language))]);
    let code = refusal.code;
    let words = match subject.terms.window {
        Some((opens_on, _)) if code == &ROUND_NOT_OPEN_YET => day(&words::OPENS, opens_on),
        Some((_, closes_on)) if code == &ROUND_DEADLINE_PASSED => day(&words::CLOSED, closes_on),
        _ => words::TAKES_NONE.get(language).to_owned(),
    };
    notice("no", &words)
}

fn questions(subject: &Subject, form: &Form) -> Markup {
    let language = subject.language;
    let fields = Fields { form, language };
    let kinds = subject.kinds();
    let employers: Vec<(String, String)> = subject
        .employers
        .iter()
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    let organisation = Label::required(&words::ORGANISATION);
    let department = Label::optional(&words::DEPARTMENT);
    let email = Label::required(&words::EMAIL).hint(&words::EMAIL_HINT);
    let gender = Label::optional(&words::GENDER).hint(&words::GENDER_HINT);
    let motivation = Label::optional(&words::MOTIVATION).hint(&words::MOTIVATION_HINT);
    html! {
        (fields.summary())
        p { (words::INTRODUCTION.get(language)) }
        form method="post" novalidate {
            (fields.line("name", Label::required(&words::NAME), Line::Name))
            (fields.line("email", email, Line::Email))
            (fields.line("title", Label::required(&words::OWN_TITLE), Line::Title))
            (fields.list("organisationId", organisation, &employers))
            (fields.line("department", department, Line::Other))
            @if kinds.len() > 1 { (fields.choice("kind", Label::required(&words::KIND), &kinds)) }
            (fields.text("motivation", motivation, 6))
            (fields.choice("gender", gender, &GENDERS))
            button type="submit" { (words::SEND.get(language)) }
        }
    }
}

const GENDERS: [(&str, &Words); 4] = [
    ("undisclosed", &words::UNDISCLOSED),
    ("woman", &words::WOMAN),
    ("man", &words::MAN),
    ("other", &words::OTHER_GENDER),
];
