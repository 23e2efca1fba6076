//! The table of problems of the evaluation API.

crate::codes! {
    INSTRUMENT_UNKNOWN = 409 "instrument_unknown"
        ["No such instrument", "Enkätmallen finns inte", "Skemaet findes ikke"]
        ["There is no instrument with this id and version.", "Det finns ingen enkätmall med detta id och denna version.", "Der findes intet spørgeskema med dette id og denne version."];
    REPORT_NOT_READY = 409 "report_not_ready"
        ["The survey is not closed yet", "Enkäten är inte stängd än", "Undersøgelsen er ikke lukket endnu"]
        ["A report is made once, when its survey closes.", "En rapport görs en gång, när enkäten stängs.", "En rapport laves én gang, når undersøgelsen lukkes."];
}
