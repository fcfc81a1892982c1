use super::counts::{Counts, Outcomes, Prf};
use super::gold::{Answers, GoldMove};
use super::interval::move_f1_interval;
use super::prediction::PredictedMove;
use super::score::{MoveRow, PositionRow, Verdict};
use super::{ArticleResult, Evaluation, Slot};
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of a set of articles, with the names that the reference scorer gives them in JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Articles.
    pub docs: u32,
    /// Strict moves.
    pub move_strict: Rows,
    /// 95 % interval of the F1 of strict moves.
    pub move_strict_f_interval: Option<(f64, f64)>,
    /// All slots.
    pub slots: SlotFigures,
    /// F1 of each slot.
    pub slot_f1: BTreeMap<&'static str, f64>,
    /// Positions.
    pub positions: Rows,
    /// Roles of the positions found.
    pub position_role_on_matched: RoleFigures,
    /// Tenses of the positions found.
    pub position_tense_on_matched: TenseFigures,
    /// Moves told as completed that are not.
    pub false_completed: FalseCompleted,
    /// Required moves whose person was found.
    pub move_people_found: Share,
}

/// Figures of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rows {
    /// Precision, recall, F1.
    #[serde(flatten)]
    pub prf: Prf,
    /// Right.
    pub tp: u32,
    /// Wrong.
    pub fp: u32,
    /// Missed.
    #[serde(rename = "fn")]
    pub missed: u32,
    /// Optional gold rows found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional_hit: Option<u32>,
}

/// Figures of slots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotFigures {
    /// Precision, recall, F1.
    #[serde(flatten)]
    pub prf: Prf,
    /// Correct.
    pub cor: u32,
    /// Incorrect.
    pub inc: u32,
    /// Missing.
    pub mis: u32,
    /// Spurious.
    pub spu: u32,
}

/// Figures of roles on matched positions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleFigures {
    /// Precision, recall, F1.
    #[serde(flatten)]
    pub prf: Prf,
    /// Correct.
    pub cor: u32,
}

/// Figures of tenses on matched positions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TenseFigures {
    /// Correct.
    pub cor: u32,
    /// Compared.
    pub of: u32,
}

/// Moves told as completed that are not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FalseCompleted {
    /// Both kinds.
    pub total: u32,
    /// Gold knows no such move.
    pub nothing: u32,
    /// Gold says failed, rumoured or denied.
    pub contradicted: u32,
    /// Moves told as completed.
    pub of_completed: u32,
    /// Gold says announced: early, not false.
    pub announced_as_completed: u32,
}

/// So many of so many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Found.
    pub found: u32,
    /// All.
    pub of: u32,
}

impl Summary {
    /// Returns the figures of articles with these counts.
    pub fn new(articles: &[&Counts]) -> Self {
        let c = Counts::sum(articles);
        let all = c.all_slots();
        Summary {
            docs: c.n_articles,
            move_strict: Rows {
                prf: c.move_prf(),
                tp: c.moves_right,
                fp: c.moves_wrong,
                missed: c.moves_missed,
                optional_hit: Some(c.moves_optional),
            },
            move_strict_f_interval: move_f1_interval(articles),
            slots: SlotFigures {
                prf: all.prf(),
                cor: all.correct,
                inc: all.incorrect,
                mis: all.missing,
                spu: all.spurious,
            },
            slot_f1: Slot::ALL.into_iter().map(|s| (s.as_str(), c.slot(s).prf().f)).collect(),
            positions: Rows {
                prf: super::prf(c.positions_right, c.positions_wrong, c.positions_missed),
                tp: c.positions_right,
                fp: c.positions_wrong,
                missed: c.positions_missed,
                optional_hit: None,
            },
            position_role_on_matched: RoleFigures {
                prf: c.position_roles.prf(),
                cor: c.position_roles.correct,
            },
            position_tense_on_matched: TenseFigures {
                cor: c.position_tenses.correct,
                of: Outcomes::total(c.position_tenses),
            },
            false_completed: FalseCompleted {
                total: c.completed_nothing + c.completed_contradicted,
                nothing: c.completed_nothing,
                contradicted: c.completed_contradicted,
                of_completed: c.completed,
                announced_as_completed: c.completed_announced,
            },
            move_people_found: Share { found: c.people_found, of: c.people },
        }
    }
}

/// Returns the figures of one group of articles for people to read.
pub fn table(title: &str, s: &Summary) -> String {
    let f = |x: &Prf| format!("P {:.3}  R {:.3}  F1 {:.3}", x.p, x.r, x.f);
    let interval = s
        .move_strict_f_interval
        .map_or_else(String::new, |(low, high)| format!("  (95 % of F1: {low:.3} to {high:.3})"));
    let slots: Vec<String> = Slot::ALL
        .into_iter()
        .map(|slot| format!("{} {:.2}", slot.as_str(), s.slot_f1[slot.as_str()]))
        .collect();
    let (m, x, q) = (&s.move_strict, &s.false_completed, &s.positions);
    [
        format!("{title} ({} articles)", s.docs),
        format!("  moves, strict    {}{interval}", f(&m.prf)),
        format!(
            "                   right {}, wrong {}, missed {}, optional ones found {}",
            m.tp,
            m.fp,
            m.missed,
            m.optional_hit.unwrap_or_default()
        ),
        format!(
            "  slots            {}  correct {}, incorrect {}, missing {}, spurious {}",
            f(&s.slots.prf),
            s.slots.cor,
            s.slots.inc,
            s.slots.mis,
            s.slots.spu
        ),
        format!("  F1 by slot       {}", slots.join("  ")),
        format!(
            "  positions        {}  right {}, wrong {}, missed {}",
            f(&q.prf),
            q.tp,
            q.fp,
            q.missed
        ),
        format!(
            "    of these       role {}  tense {}/{}",
            f(&s.position_role_on_matched.prf),
            s.position_tense_on_matched.cor,
            s.position_tense_on_matched.of
        ),
        format!(
            "  false completed  {} of {} (no such move {}, failed, rumoured or denied {}; announced told as completed {})",
            x.total, x.of_completed, x.nothing, x.contradicted, x.announced_as_completed
        ),
        format!("  people found     {} of {}\n", s.move_people_found.found, s.move_people_found.of),
    ]
    .join("\n")
}

/// Returns a line for each move and position that is wrong, missed or falsely completed; gold stands after "gold:".
pub fn list(evaluation: &Evaluation) -> String {
    let mut lines = String::new();
    for article in &evaluation.articles {
        let mut line = |verdict: &str, what: &str, predicted: String, gold: String| {
            let gold = if gold.is_empty() { gold } else { format!("  gold: {gold}") };
            lines.push_str(
                format!("{}\t{verdict}\t{what}\t{predicted}{gold}", article.id).trim_end(),
            );
            lines.push('\n');
        };
        for row in &article.scored.moves {
            let predicted = row.predicted.as_ref().map(predicted_move).unwrap_or_default();
            let gold = row.gold.as_ref().map(gold_move).unwrap_or_default();
            if matches!(row.verdict, Verdict::Wrong | Verdict::Missed) {
                line(row.verdict.as_str(), "move", predicted.clone(), gold.clone());
            }
            if let Some(truth) = &row.false_completed {
                line(&format!("false completed ({truth})"), "move", predicted, gold);
            }
        }
        for row in &article.scored.positions {
            if matches!(row.verdict, Verdict::Wrong | Verdict::Missed) {
                let (predicted, gold) = position(row);
                line(row.verdict.as_str(), "position", predicted.join(" · "), gold.join(" · "));
            }
        }
    }
    lines
}

fn predicted_move(one: &PredictedMove) -> String {
    let slots = Slot::ALL.iter().filter_map(|s| Some(format!("{}={}", s.as_str(), one.slot(*s)?)));
    let person = one.person.clone().unwrap_or_default();
    std::iter::once(person).chain(slots).collect::<Vec<_>>().join(" · ")
}

fn gold_move(one: &GoldMove) -> String {
    let slots = Slot::ALL.iter().filter(|s| !one.slot(**s).answers.is_empty());
    let slots = slots.map(|s| format!("{}={}", s.as_str(), all(one.slot(*s))));
    std::iter::once(one.person.clone()).chain(slots).collect::<Vec<_>>().join(" · ")
}

fn all(answers: &Answers) -> String {
    let mut answers = answers.clone();
    if answers.nullable && !answers.answers.is_empty() {
        answers.answers.push("(empty)".to_owned());
    }
    answers.answers.join(" | ")
}

/// Person, firm, role and tense of both sides; nothing for the side that is absent.
fn position(row: &PositionRow) -> (Vec<String>, Vec<String>) {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let predicted = row.predicted.as_ref().map_or_else(Vec::new, |p| {
        vec![text(&p.person), text(&p.firm), text(&p.role), text(&p.tense)]
    });
    let gold = row.gold.as_ref().map_or_else(Vec::new, |g| {
        vec![g.person.clone(), all(&g.firm), all(&g.role), all(&g.tense)]
    });
    (predicted, gold)
}

/// Returns a CSV table with a row for each move of either side: verdict, person, and for each slot the prediction,
/// gold's answers and the outcome.
pub fn cases_csv(evaluation: &Evaluation) -> String {
    let mut header: Vec<String> =
        ["article", "language", "verdict", "false_completed", "person", "person_gold", "optional"]
            .map(str::to_owned)
            .to_vec();
    for slot in Slot::ALL {
        let name = slot.as_str();
        header.extend([name.to_owned(), format!("{name}_gold"), format!("{name}_outcome")]);
    }
    let mut csv = csv_line(&header);
    for article in &evaluation.articles {
        for row in &article.scored.moves {
            csv.push_str(&csv_line(&case(article, row)));
        }
    }
    csv
}

fn case(article: &ArticleResult, row: &MoveRow) -> Vec<String> {
    let predicted = row.predicted.as_ref();
    let gold = row.gold.as_ref();
    let mut cells = vec![
        article.id.clone(),
        article.language.clone(),
        row.verdict.as_str().to_owned(),
        row.false_completed.clone().unwrap_or_default(),
        predicted.and_then(|p| p.person.clone()).unwrap_or_default(),
        gold.map(|g| g.person.clone()).unwrap_or_default(),
        gold.is_some_and(|g| g.optional).to_string(),
    ];
    for slot in Slot::ALL {
        cells.push(predicted.and_then(|p| p.slot(slot)).unwrap_or_default().to_owned());
        cells.push(gold.map(|g| all(g.slot(slot))).unwrap_or_default());
        cells.push(row.outcomes[slot as usize].to_owned());
    }
    cells
}

/// A line of RFC 4180 CSV. Written here since evaluation is pure and must not reach for the export's crates; a cell
/// that a spreadsheet would run as a formula gets an apostrophe.
fn csv_line(cells: &[String]) -> String {
    let cell = |cell: &String| {
        let guard = if cell.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        if cell.contains(['"', ',', '\n', '\r']) {
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        } else {
            format!("{guard}{cell}")
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\n"
}
