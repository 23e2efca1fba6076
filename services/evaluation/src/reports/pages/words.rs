//! The words of the reports' pages.

use shared_types::Words;

macro_rules! words {
    ($($name:ident = $en:literal, $sv:literal, $da:literal;)+) => {$(
        pub(super) const $name: Words = Words { en: $en, sv: $sv, da: $da };
    )+};
}

words! {
    PROMISE = "No number of answers here, and none that can be computed from these, is about fewer than five people. Answers that few gave stand together with their neighbours.",
        "Inget antal svar här, och inget som kan räknas ut ur dem, handlar om färre än fem personer. Svar som få har gett står tillsammans med sina grannar.",
        "Intet antal svar her, og intet der kan beregnes ud fra dem, handler om færre end fem personer. Svar, som få har givet, står sammen med deres naboer.";
    AS_TABLE = "The same as a table (CSV)", "Samma som tabell (CSV)", "Det samme som tabel (CSV)";
    PARTICIPANTS = "Participants", "Deltagare", "Deltagere";
    COMPLETED = "Completed", "Slutfört", "Gennemført";
    MUNICIPALITIES = "Municipalities", "Kommuner", "Kommuner";
    OWN_PARTICIPANTS = "Own participants", "Egna deltagare", "Egne deltagere";
    OWN_COMPLETED = "Own who completed", "Egna som slutfört", "Egne som har gennemført";
    OWN_ATTENDANCE = "Attendance of the own participants: {percent} %.", "De egna deltagarnas närvaro: {percent} %.", "De egne deltageres fremmøde: {percent} %.";
    CLOSED = "Closed {date}. {count} answered.", "Stängd {date}. {count} svarade.", "Lukket {date}. {count} svarede.";
    CLOSED_FEW = "Closed {date}. Fewer than five answered, so nothing is shown.",
        "Stängd {date}. Färre än fem svarade, så inget visas.",
        "Lukket {date}. Færre end fem svarede, så intet vises.";
    TOO_FEW = "Fewer than five answered this.", "Färre än fem svarade på detta.", "Færre end fem svarede på dette.";
    TOO_ALIKE = "Nearly everybody answered alike; to say how would say it of each.",
        "Nästan alla svarade lika; att säga hur vore att säga det om var och en.",
        "Næsten alle svarede ens; at sige hvordan ville være at sige det om hver enkelt.";
    HIDDEN = "Not shown here.", "Visas inte här.", "Vises ikke her.";
    ANSWER = "Answer", "Svar", "Svar";
    COUNT = "People", "Personer", "Personer";
    ASKED = "Asked", "Tillfrågade", "Adspurgte";
    MEAN = "Mean: between {low} and {high}.", "Medelvärde: mellan {low} och {high}.", "Gennemsnit: mellem {low} og {high}.";
    MEAN_EXACT = "Mean: {low}.", "Medelvärde: {low}.", "Gennemsnit: {low}.";
    UNANSWERED = "no answer", "inget svar", "intet svar";
    MEAN_BY = "Mean of the group", "Gruppens medelvärde", "Gruppens gennemsnit";
    QUESTION = "Question", "Fråga", "Spørgsmål";
    FROM = "From", "Från", "Fra";
    TO = "To", "Till", "Til";
    OTHERS = "Others", "Övriga", "Øvrige";
    GROUP = "Group", "Grupp", "Gruppe";
    GENDER = "By gender", "Efter kön", "Efter køn";
    PERSON_KIND = "By kind of person", "Efter uppdrag", "Efter hverv";
    MUNICIPALITY = "By municipality", "Efter kommun", "Efter kommune";
    DEPARTMENT = "By department", "Efter förvaltning", "Efter forvaltning";
    WOMAN = "Women", "Kvinnor", "Kvinder";
    MAN = "Men", "Män", "Mænd";
    OTHER = "Other", "Annat", "Andet";
    UNDISCLOSED = "Not stated", "Inte angivet", "Ikke angivet";
    EMPLOYED = "Employed managers", "Anställda chefer", "Ansatte ledere";
    ELECTED = "Elected representatives", "Förtroendevalda", "Folkevalgte";
    EFFECTS = "What changed", "Vad som förändrades", "Hvad der ændrede sig";
    PAIRS = "{count} people answered both before and after.", "{count} personer svarade både före och efter.", "{count} personer svarede både før og efter.";
    PAIRS_FEW = "Fewer than five answered both before and after.", "Färre än fem svarade både före och efter.", "Færre end fem svarede både før og efter.";
    CHANGE = "Change", "Förändring", "Ændring";
    LOWER = "lower", "lägre", "lavere";
    SAME = "the same", "samma", "det samme";
    HIGHER = "higher", "högre", "højere";
    EFFECT = "Mean change {mean} steps; effect size {effect} (95 % interval {from} to {to}).",
        "Medelförändring {mean} steg; effektstorlek {effect} (95 %-intervall {from} till {to}).",
        "Gennemsnitlig ændring {mean} trin; effektstørrelse {effect} (95 %-interval {from} til {to}).";
    EFFECT_SIZES = "Effect sizes with their intervals", "Effektstorlekar med intervall", "Effektstørrelser med intervaller";
    NETWORK = "The participants' network", "Deltagarnas nätverk", "Deltagernes netværk";
    NETWORK_DRAWN = "The network without names: {people} people, {ties} ties", "Nätverket utan namn: {people} personer, {ties} band", "Netværket uden navne: {people} personer, {ties} bånd";
    NETWORK_FEW = "Fewer than ten answered, so no network is shown.", "Färre än tio svarade, så inget nätverk visas.", "Færre end ti svarede, så intet netværk vises.";
    MEASURE = "Measure", "Mått", "Mål";
    VALUE = "Value", "Värde", "Værdi";
    DENSITY = "Density", "Täthet", "Tæthed";
    RECIPROCITY = "Reciprocity", "Ömsesidighet", "Gensidighed";
    ISOLATES = "Without a tie", "Utan band", "Uden bånd";
    ACROSS_MUNICIPALITIES = "Ties between municipalities", "Band mellan kommuner", "Bånd mellem kommuner";
    ACROSS_DEPARTMENTS = "Ties between departments", "Band mellan förvaltningar", "Bånd mellem forvaltninger";
    DENSITY_CHANGE = "Change of density since an earlier survey (share of chance)", "Täthetens förändring sedan en tidigare enkät (slumpens andel)", "Tæthedens ændring siden en tidligere undersøgelse (tilfældets andel)";
    OWN_ANSWERS = "What the own people answered, over {count} surveys", "Vad de egna svarade, över {count} enkäter", "Hvad egne folk svarede, over {count} undersøgelser";
    NO_OWN_ANSWERS = "The own people's answers are shown as soon as enough have answered over the rounds.",
        "De egnas svar visas när tillräckligt många har svarat över omgångarna.",
        "Egne folks svar vises, når tilstrækkeligt mange har svaret over forløbene.";
    NOTHING_YET = "No survey is closed yet.", "Ingen enkät är stängd än.", "Ingen undersøgelse er lukket endnu.";
    FEEDBACK = "360 report: {name}", "360-rapport: {name}", "360-rapport: {name}";
    FEEDBACK_PROMISE = "Of peers and staff nothing is shown unless {least} or more have answered. Near the ends of the scale their mean is a span, since the mean itself would tell what each of them answered. A group that is too small is left out of the mean of others too.",
        "Av kollegor och medarbetare visas inget om inte minst {least} har svarat. Nära skalans ändar är deras medelvärde ett spann, eftersom själva medelvärdet skulle säga vad var och en svarat. En grupp som är för liten är inte heller med i de andras medelvärde.",
        "Af kolleger og medarbejdere vises intet, medmindre mindst {least} har svaret. Nær skalaens ender er deres gennemsnit et spænd, fordi selve gennemsnittet ville sige, hvad hver enkelt har svaret. En gruppe, der er for lille, er heller ikke med i de andres gennemsnit.";
    FEEDBACK_CLOSED = "Closed {date}.", "Stängd {date}.", "Lukket {date}.";
    WHO = "Who answered", "Vilka som svarade", "Hvem der svarede";
    GROUP_SELF = "Yourself", "Du själv", "Dig selv";
    GROUP_LEADER = "Leader", "Chef", "Leder";
    GROUP_MENTOR = "Mentor", "Mentor", "Mentor";
    GROUP_PEERS = "Peers", "Kollegor", "Kolleger";
    GROUP_STAFF = "Staff", "Medarbetare", "Medarbejdere";
    GROUP_OTHERS = "All others shown", "Alla andra som visas", "Alle andre, der vises";
    NOT_SHOWN = "none, or too few", "ingen, eller för få", "ingen, eller for få";
    MEAN_HEAD = "Mean", "Medelvärde", "Gennemsnit";
    GAP = "You, compared with the others: {gap}.", "Du, jämfört med de andra: {gap}.", "Du, sammenlignet med de andre: {gap}.";
    WRITTEN = "Written by: {group}", "Skrivet av: {group}", "Skrevet af: {group}";
    NO_ANSWER = "Nothing of this is shown.", "Inget av detta visas.", "Intet af dette vises.";
}
