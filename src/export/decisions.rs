//! `decisions.csv`: the user's decisions, for people to read, keep and fill in.
//!
//! Written and read without loss. A line points at claims and at names in articles, so that a file fits any database
//! that has the articles. Columns that are not in [`COLUMNS`] explain a line to people and are not read back.

use super::csv::{Dialect, encode, is_formula};
use crate::knowledge::{Problem, line_of};
use crate::model::MentionType;
use crate::resolve::{Action, NameAt, check_edit};
use crate::store::Decided;

/// Columns that say what a decision is; any order, any others beside them.
pub const COLUMNS: [&str; 12] = [
    "action",
    "type",
    "name",
    "article",
    "other_name",
    "other_article",
    "claims",
    "slot",
    "value",
    "note",
    "id",
    "undone",
];

/// A line of a file, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Line of the file, from 1.
    pub line: u64,
    /// The number that it had where it was exported; a filled-in worksheet has none.
    pub id: Option<i64>,
    /// What it says.
    pub action: Action,
    /// The user's own words.
    pub note: Option<String>,
    /// Whether it had been taken back.
    pub undone: bool,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Well-formed decisions, in the order of the file.
    pub lines: Vec<Line>,
    /// Ill-formed lines, which are left out.
    pub problems: Vec<Problem>,
    /// Lines without an action, or with "unsure": nothing decided.
    pub n_open: u64,
}

/// Returns the file with the decisions of `list`, each with words that tell people what it speaks of.
pub fn write(list: &[(Decided, String)], dialect: Dialect) -> Vec<u8> {
    let mut columns = COLUMNS.map(str::to_owned).to_vec();
    columns.push("about".to_owned());
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|(decided, about)| {
            let mut row = cells(&decided.action).to_vec();
            row.push(decided.note.clone().unwrap_or_default());
            row.push(decided.id.to_string());
            row.push(u8::from(decided.undone).to_string());
            row.push(about.clone());
            row.iter().map(|cell| guarded(cell)).collect()
        })
        .collect();
    encode(dialect, &columns, &rows)
}

/// Returns the cells of the first nine columns.
pub fn cells(action: &Action) -> [String; 9] {
    let mut cells: [String; 9] = Default::default();
    let mut set = |at: usize, text: &str| cells[at] = text.to_owned();
    match action {
        Action::Same(of, one, other) | Action::Different(of, one, other) => {
            set(0, if matches!(action, Action::Same(..)) { "same" } else { "different" });
            set(1, of.as_str());
            set(2, &one.name);
            set(3, &one.article);
            set(4, &other.name);
            set(5, &other.article);
        }
        Action::Accept(claim) => {
            set(0, "accept");
            set(6, claim);
        }
        Action::Reject(claim) => {
            set(0, "reject");
            set(6, claim);
        }
        Action::Edit { claim, slot, value } => {
            set(0, "edit");
            set(6, claim);
            set(7, slot);
            set(8, value.as_deref().unwrap_or(""));
        }
    }
    cells
}

/// Returns `text` so that no spreadsheet runs it as a formula and [`read`] gives it back as it was.
pub fn guarded(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    if is_formula(bare) { format!("'{text}") } else { text.to_owned() }
}

fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Reads a file as spreadsheets save it: separated by commas, semicolons or tabs, with or without a byte order mark.
///
/// `is_move` tells a claim of a move from one of a position, where the claim is known.
pub fn read(text: &str, is_move: &dyn Fn(&str) -> Option<bool>) -> Sheet {
    let text = text.trim_start_matches('\u{feff}');
    let mut sheet = Sheet::default();
    let header = text.lines().next().unwrap_or_default();
    let count = |mark: &u8| header.bytes().filter(|b| b == mark).count();
    let delimiter =
        *b",;\t".iter().max_by_key(|mark| (count(mark), **mark == b',')).unwrap_or(&b',');
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let places =
        COLUMNS.map(|name| header.iter().position(|h| h.trim().eq_ignore_ascii_case(name)));
    if places[0].is_none() {
        let message =
            format!("no column is called 'action'; the columns are {}", COLUMNS.join(", "));
        sheet.problems.push(Problem::new(1, "action", message));
        return sheet;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = line_of(text, error.position());
                let message = format!("not readable as CSV: {error}");
                sheet.problems.push(Problem::new(line, "", message));
                continue;
            }
        };
        let line = line_of(text, record.position());
        let cell = |at: usize| places[at].and_then(|p| record.get(p)).map_or("", unguarded);
        let row = Row { cells: std::array::from_fn(cell) };
        match row.word(0).to_lowercase().as_str() {
            "" | "unsure" | "?" => sheet.n_open += 1,
            action => match row.read(action, is_move) {
                Ok((actions, id, undone)) => {
                    let note = Some(row.cells[9]).filter(|n| !n.is_empty()).map(str::to_owned);
                    sheet.lines.extend(actions.into_iter().map(|action| Line {
                        line,
                        id,
                        action,
                        note: note.clone(),
                        undone,
                    }));
                }
                Err(message) => sheet.problems.push(Problem::new(line, "", message)),
            },
        }
    }
    sheet
}

/// The cells of a line, in the order of [`COLUMNS`].
struct Row<'a> {
    cells: [&'a str; 12],
}

impl Row<'_> {
    fn word(&self, at: usize) -> &str {
        self.cells[at].trim()
    }

    fn read(
        &self,
        action: &str,
        is_move: &dyn Fn(&str) -> Option<bool>,
    ) -> Result<(Vec<Action>, Option<i64>, bool), String> {
        let id = match self.word(10) {
            "" => None,
            digits => match digits.parse::<i64>() {
                Ok(id) if id > 0 => Some(id),
                _ => return Err(format!("id '{digits}' is no number of a decision")),
            },
        };
        let undone = match self.word(11) {
            "" | "0" => false,
            "1" => true,
            other => return Err(format!("undone '{other}' is neither 0 nor 1")),
        };
        let actions = match action {
            "same" | "different" => {
                let of = MentionType::parse(self.word(1))
                    .ok_or_else(|| format!("type '{}' is neither person nor firm", self.word(1)))?;
                let (one, other) = (self.name_at(2, 3)?, self.name_at(4, 5)?);
                if one == other {
                    return Err(format!("both names are '{}' of one article", one.name));
                }
                vec![if action == "same" {
                    Action::Same(of, one, other)
                } else {
                    Action::Different(of, one, other)
                }]
            }
            "accept" => self.claims()?.into_iter().map(|c| Action::Accept(c.into())).collect(),
            "reject" => self.claims()?.into_iter().map(|c| Action::Reject(c.into())).collect(),
            "edit" => {
                let (slot, text) = (self.word(7), self.cells[8]);
                let value = Some(text).filter(|v| !v.is_empty());
                let claims = self.claims()?;
                for claim in &claims {
                    let checked = match is_move(claim) {
                        Some(is_move) => check_edit(is_move, slot, value),
                        None => check_edit(true, slot, value).or(check_edit(false, slot, value)),
                    };
                    checked?;
                }
                claims
                    .into_iter()
                    .map(|claim| Action::Edit {
                        claim: claim.into(),
                        slot: slot.to_owned(),
                        value: value.map(str::to_owned),
                    })
                    .collect()
            }
            other => {
                return Err(format!(
                    "action '{other}' is none; write same, different, accept, reject, edit or unsure"
                ));
            }
        };
        Ok((actions, id, undone))
    }

    fn name_at(&self, name: usize, article: usize) -> Result<NameAt, String> {
        let (text, sha) = (self.cells[name], self.word(article));
        if text.trim().is_empty() {
            return Err(format!("the {} is empty", COLUMNS[name]));
        }
        if !is_hex(sha, 64) {
            let what = COLUMNS[article];
            return Err(format!("{what} '{sha}' is no hash of a text (64 digits 0-9, a-f)"));
        }
        Ok(NameAt { article: sha.to_owned(), name: text.to_owned() })
    }

    fn claims(&self) -> Result<Vec<&str>, String> {
        let list: Vec<&str> =
            self.cells[6].split('|').map(str::trim).filter(|c| !c.is_empty()).collect();
        if list.is_empty() {
            return Err("the claims are empty".to_owned());
        }
        match list.iter().find(|claim| !is_hex(claim, 24)) {
            Some(claim) => {
                Err(format!("claim '{claim}' is no key of a claim (24 digits 0-9, a-f)"))
            }
            None => Ok(list),
        }
    }
}

fn is_hex(text: &str, n: usize) -> bool {
    text.len() == n && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
