use super::line_of;
use super::words::LegalForms;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// An organisation of a knowledge file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownFirm {
    /// Best known name.
    pub name: String,
    /// company, bank, university, …
    pub kind: Option<String>,
    /// ISO 3166 alpha-2 code.
    pub country: Option<String>,
    /// Name of the organisation it belongs to.
    pub parent: Option<String>,
    /// Usual spelling of its legal form.
    pub legal_form: Option<String>,
    /// Other names in use.
    pub aliases: Vec<String>,
    /// Names it had, with first and last year where known.
    pub former_names: Vec<(String, Option<u16>, Option<u16>)>,
}

/// What is wrong with a line of a knowledge file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1.
    pub line: u64,
    /// Name of the column; empty where the whole line is meant.
    pub column: &'static str,
    /// What, and what to do.
    pub message: String,
}

impl Problem {
    /// Returns a problem of one column of a line, or with `""` of the whole line.
    pub fn new(line: u64, column: &'static str, message: impl Into<String>) -> Self {
        Problem { line, column, message: message.into() }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct FirmTable {
    pub(super) list: Vec<KnownFirm>,
    by_key: IndexMap<String, Vec<u32>, FxBuildHasher>,
    /// Names listed with their legal form: "Facebook Inc." is Meta, "Facebook" a unit of it.
    by_formal_name: IndexMap<String, Vec<u32>, FxBuildHasher>,
    keys: Vec<Vec<String>>,
}

const COLUMNS: [&str; 7] =
    ["name", "kind", "country", "parent", "legal_form", "aliases", "former_names"];

impl FirmTable {
    pub(super) fn parse(text: &str, forms: &LegalForms) -> (Self, Vec<Problem>) {
        let mut table = FirmTable::default();
        let (firms, problems) = read(text);
        for (_, firm) in firms {
            let mut keys: Vec<String> = std::iter::once(&firm.name)
                .chain(&firm.aliases)
                .chain(firm.former_names.iter().map(|f| &f.0))
                .map(|name| forms.split(name).key)
                .filter(|key| !key.is_empty())
                .collect();
            keys.sort();
            keys.dedup();
            table.insert(firm, keys, forms);
        }
        (table, problems)
    }

    fn insert(&mut self, firm: KnownFirm, keys: Vec<String>, forms: &LegalForms) {
        let names = firm.aliases.iter().chain(firm.former_names.iter().map(|f| &f.0));
        for split in names.map(|name| forms.split(name)).filter(|split| split.form.is_some()) {
            self.by_formal_name.entry(split.written).or_default().push(self.list.len() as u32);
        }
        for key in &keys {
            self.by_key.entry(key.clone()).or_default().push(self.list.len() as u32);
        }
        self.list.push(firm);
        self.keys.push(keys);
    }

    /// Adds the firms of another table; one of the same name replaces ours.
    pub(super) fn add(&mut self, other: FirmTable, forms: &LegalForms) {
        let replaced = |name: &str| other.list.iter().any(|f| f.name == name);
        let mut merged = FirmTable::default();
        for (firm, keys) in self.list.drain(..).zip(self.keys.drain(..)) {
            if !replaced(&firm.name) {
                merged.insert(firm, keys, forms);
            }
        }
        for (firm, keys) in other.list.into_iter().zip(other.keys) {
            merged.insert(firm, keys, forms);
        }
        *self = merged;
    }

    /// Returns the numbers of the firms listed under this name with its legal form, folded.
    pub(crate) fn of_formal_name(&self, written: &str) -> &[u32] {
        self.by_formal_name.get(written).map_or(&[], Vec::as_slice)
    }

    /// Returns the numbers of the firms that a key belongs to.
    pub(crate) fn of_key(&self, key: &str) -> &[u32] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }
}

fn read(text: &str) -> (Vec<(u64, KnownFirm)>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut firms = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = match text.lines().next() {
        Some(header) if header.contains(';') && !header.contains(',') => b';',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let column: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|name| header.iter().position(|h| h.eq_ignore_ascii_case(name)))
        .collect();
    if column[0].is_none() {
        let columns = COLUMNS.join(", ");
        let message = format!("no column is called 'name'; the first line names them: {columns}");
        problems.push(Problem::new(1, "name", message));
        return (firms, problems);
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = line_of(text, error.position());
                problems.push(Problem::new(line, "", format!("not readable as CSV: {error}")));
                continue;
            }
        };
        let line = line_of(text, record.position());
        let field = |i: usize| {
            column[i].and_then(|c| record.get(c)).map(str::trim).filter(|s| !s.is_empty())
        };
        let Some(name) = field(0) else {
            if record.iter().any(|f| !f.trim().is_empty()) {
                let message = "the name is empty; fill it in or remove the line";
                problems.push(Problem::new(line, "name", message));
            }
            continue;
        };
        let list =
            |i: usize| field(i).unwrap_or("").split('|').map(str::trim).filter(|s| !s.is_empty());
        let mut former_names = Vec::new();
        for former in list(6) {
            match former_name(former) {
                Ok(former) => former_names.push(former),
                Err(message) => problems.push(Problem::new(line, "former_names", message)),
            }
        }
        if let Some(country) = field(2)
            && !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()))
        {
            let message = format!("'{country}' is no code of two capitals; write IT for Italy");
            problems.push(Problem::new(line, "country", message));
        }
        firms.push((
            line,
            KnownFirm {
                name: name.to_owned(),
                kind: field(1).map(str::to_owned),
                country: field(2).map(str::to_owned),
                parent: field(3).map(str::to_owned),
                legal_form: field(4).map(str::to_owned),
                aliases: list(5).map(str::to_owned).collect(),
                former_names,
            },
        ));
    }
    (firms, problems)
}

/// Reads "Name (1998-2015)", "Name (-2015)", "Name (1998-)" or "Name".
fn former_name(text: &str) -> Result<(String, Option<u16>, Option<u16>), String> {
    let Some((name, years)) = text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) else {
        return Ok((text.to_owned(), None, None));
    };
    let year = |s: &str| match s.trim() {
        "" | "?" => Ok(None),
        digits => digits.parse::<u16>().map(Some).map_err(|_| {
            format!("former name '{text}': '{digits}' is no year; write Name (1998-2015)")
        }),
    };
    let (from, to) = years.split_once(['-', '–']).unwrap_or(("", years));
    let (from, to) = (year(from)?, year(to)?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(format!("former name '{text}': the first year comes after the last"));
    }
    Ok((name.trim().to_owned(), from, to))
}

/// Returns what is wrong with a file of firms: unreadable lines, names twice, names that two firms share, parents
/// that the file does not have, circles of parents.
pub fn lint_firms(text: &str, knowledge: &super::Knowledge) -> Vec<Problem> {
    let (firms, mut problems) = read(text);
    let mut by_key: IndexMap<String, (u64, &str), FxBuildHasher> = IndexMap::default();
    let mut by_name: IndexMap<&str, (u64, Option<&str>), FxBuildHasher> = IndexMap::default();
    for (line, firm) in &firms {
        if let Some((first, _)) = by_name.get(firm.name.as_str()) {
            let message =
                format!("'{}' is already on line {first}; make one line of the two", firm.name);
            problems.push(Problem::new(*line, "name", message));
            continue;
        }
        by_name.insert(&firm.name, (*line, firm.parent.as_deref()));
        let mut own = Vec::new();
        for name in std::iter::once(&firm.name).chain(&firm.aliases) {
            let key = knowledge.firm_key(name);
            if own.contains(&key) {
                continue;
            }
            if let Some((first, other)) = by_key.get(&key) {
                let column = if *name == firm.name { "name" } else { "aliases" };
                let message = format!(
                    "'{name}' of '{}' is also a name of '{other}' (line {first}); leave it with one of them",
                    firm.name
                );
                problems.push(Problem::new(*line, column, message));
            } else {
                by_key.insert(key.clone(), (*line, &firm.name));
            }
            own.push(key);
        }
    }
    for (name, (line, parent)) in &by_name {
        let mut steps = 0;
        let mut at = *parent;
        while let Some(up) = at {
            steps += 1;
            if up == *name || steps > firms.len() {
                let message = format!(
                    "'{name}' is part of itself by way of '{up}'; correct one of the parents"
                );
                problems.push(Problem::new(*line, "parent", message));
                break;
            }
            at = by_name.get(up).and_then(|(_, parent)| *parent);
        }
        if let Some(parent) = parent
            && !by_name.contains_key(parent)
            && knowledge.firms_named(parent).is_empty()
        {
            let message = format!(
                "'{parent}', the parent of '{name}', is no firm of this file or of the built-in ones; add a line for it"
            );
            problems.push(Problem::new(*line, "parent", message));
        }
    }
    problems.sort_by(|a, b| (a.line, a.column, &a.message).cmp(&(b.line, b.column, &b.message)));
    problems
}
