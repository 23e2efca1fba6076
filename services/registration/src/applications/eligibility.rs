//! For whom a round is: kinds of people, titles, partners.

use crate::{
    organisations::{self, partnership},
    people,
    rounds::model::Terms,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_types::registration::{people::PersonKind, rounds::Eligibility};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Organisations form a shallow tree; deeper ones are a mistake.
const MOST_LEVELS: usize = 10;

/// Whether the round is for such a person, whatever the employer.
pub fn is_for(rule: &Eligibility, kind: PersonKind, title: Option<&str>) -> bool {
    let kind_fits = rule.person_kinds.is_empty() || rule.person_kinds.contains(&kind);
    kind_fits && is_for_title(rule, title)
}

/// Whether the round is for people with such a title. What stands behind a comma is the
/// department, as people write it themselves.
pub fn is_for_title(rule: &Eligibility, title: Option<&str>) -> bool {
    if rule.titles.is_empty() {
        return true;
    }
    let Some(title) = title else { return false };
    let whole = normal(title);
    let bare = title.split(',').next().map(normal);
    rule.titles.iter().any(|allowed| {
        let allowed = normal(&allowed.0);
        allowed == whole || Some(allowed) == bare
    })
}

/// A title as it is compared: in lower case, with single spaces.
fn normal(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The employers of people, and whose partners they are; read at once for many.
#[derive(Debug)]
pub struct Employers {
    all: HashMap<Uuid, organisations::entity::Model>,
    partners: Option<HashSet<Uuid>>,
}

impl Employers {
    /// Reads employers, and what they belong to.
    pub async fn read(
        connection: &impl ConnectionTrait,
        terms: &Terms,
        employers: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self, DatabaseError> {
        let mut all = HashMap::new();
        let mut wanted: HashSet<Uuid> = employers.into_iter().collect();
        for _ in 0..=MOST_LEVELS {
            if wanted.is_empty() {
                break;
            }
            let found = organisations::entity::Entity::find()
                .filter(organisations::entity::Column::Id.is_in(wanted.drain()))
                .all(connection)
                .await?;
            for row in found {
                wanted.extend(row.parent_id);
                all.insert(row.id, row);
            }
            wanted.retain(|id| !all.contains_key(id));
        }
        let partners = if terms.eligibility.partners_only {
            let organiser = terms.organiser;
            let partners: Vec<partnership::Model> = organisations::store::partners(organiser)
                .all(connection)
                .await?;
            let partners = partners.into_iter().map(|row| row.organisation_id);
            Some(partners.chain([organiser.uuid()]).collect())
        } else {
            None
        };
        Ok(Self { all, partners })
    }

    /// An employer.
    pub fn get(&self, employer: Uuid) -> Option<&organisations::entity::Model> {
        self.all.get(&employer)
    }

    /// An organisation and what it belongs to, the nearest first.
    fn lineage(&self, employer: Uuid) -> impl Iterator<Item = Uuid> {
        let parent = |id: &Uuid| self.all.get(id)?.parent_id;
        std::iter::successors(Some(employer), parent).take(MOST_LEVELS)
    }

    /// Whether an employer is an organisation or belongs to it.
    pub fn belongs_to(&self, employer: Uuid, organisation: Uuid) -> bool {
        self.lineage(employer).any(|id| id == organisation)
    }

    /// Whether the round is for people of an employer.
    pub fn fits(&self, employer: Uuid) -> bool {
        self.partners
            .as_ref()
            .is_none_or(|partners| self.lineage(employer).any(|id| partners.contains(&id)))
    }

    /// Whether the round is for a person.
    pub fn is_for(
        &self,
        terms: &Terms,
        person: &people::entity::Model,
    ) -> Result<bool, DatabaseError> {
        let kind = column::parse(&person.kind)?;
        Ok(is_for(&terms.eligibility, kind, person.title.as_deref())
            && self.fits(person.organisation_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::registration::rounds::TitleAtWork;

    #[test]
    fn a_title_fits_in_any_case_and_spacing_and_with_a_department_behind_it() {
        let rule = Eligibility {
            titles: vec![TitleAtWork("Förvaltnings  Chef".into())],
            ..Eligibility::default()
        };
        for (title, fits) in [
            (Some("förvaltnings chef"), true),
            (Some("  FÖRVALTNINGS\tCHEF "), true),
            (Some("Förvaltnings chef, Socialförvaltningen"), true),
            (Some("Biträdande förvaltnings chef"), false),
            (Some("Förvaltnings chefen"), false),
            (Some(""), false),
            (None, false),
        ] {
            let kind = PersonKind::EmployedManager;
            assert_eq!(is_for(&rule, kind, title), fits, "{title:?}");
        }
        assert!(is_for(&Eligibility::default(), PersonKind::Other, None));
    }

    #[test]
    fn a_title_does_not_make_up_for_the_wrong_kind() {
        let rule = Eligibility {
            person_kinds: vec![PersonKind::Elected],
            titles: vec![TitleAtWork("Ordförande".into())],
            ..Eligibility::default()
        };
        assert!(is_for(&rule, PersonKind::Elected, Some("ordförande")));
        assert!(!is_for(&rule, PersonKind::Other, Some("ordförande")));
    }
}
