//! Names known beforehand: given names, surnames, well-known organisations. Votes, never judges.

use crate::lang::{List, Pack, Phrases, Tag, pack};
use crate::model::Language;

/// Given names, surnames and well-known organisations, by first word.
#[derive(Debug, Default)]
pub(crate) struct Gazetteer {
    pub(crate) names: Phrases,
}

const GIVEN_NAMES: &str = include_str!("../../knowledge/given_names.txt");
const SURNAMES: &str = include_str!("../../knowledge/surnames.txt");
const FIRMS: &str = include_str!("../../knowledge/firms.csv");

impl Gazetteer {
    /// Returns the embedded names; organisations only where `firms` is set.
    pub(crate) fn new(firms: bool) -> Self {
        let mut gazetteer = Gazetteer::default();
        let pack = pack(Language::English);
        for (file, list) in [(GIVEN_NAMES, List::GivenName), (SURNAMES, List::Surname)] {
            for name in file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
            {
                gazetteer.add(pack, name, list);
            }
        }
        if firms {
            for line in FIRMS.lines().skip(1) {
                for name in firm_names(line) {
                    gazetteer.add(pack, &name, List::KnownFirm);
                }
            }
        }
        gazetteer
    }

    fn add(&mut self, pack: &Pack, name: &str, list: List) {
        let steps = pack.tokenize(name).into_iter().map(|t| crate::lang::step(t.lower)).collect();
        self.names.add(steps, Tag { list, payload: 0 });
    }
}

/// Returns the name, aliases and former names of a line of `firms.csv`.
fn firm_names(line: &str) -> Vec<String> {
    let fields = csv_fields(line);
    let mut names: Vec<String> = fields.first().cloned().into_iter().collect();
    names.extend(fields.get(5).into_iter().flat_map(|f| f.split('|')).map(str::to_owned));
    names.extend(
        fields
            .get(6)
            .into_iter()
            .flat_map(|f| f.split('|'))
            .map(|f| f.split(" (").next().unwrap_or("").to_owned()),
    );
    names.retain(|n| n.chars().count() > 1);
    names
}

/// Returns the fields of one line of a CSV file that has no line breaks inside its quotes.
fn csv_fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}
