//! The meaning of every column, in English and Italian: kept in one file, written into every database, and the source
//! of the page that describes the output.

use rusqlite::Connection;
use std::collections::BTreeMap;

/// `table<TAB>column<TAB>English<TAB>Italian`; an empty column describes the table, the table `*` a column that means
/// the same in every table without an entry of its own.
const CODEBOOK: &str = include_str!("codebook.tsv");

/// What a table, view or column means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Table or view.
    pub table: String,
    /// Column; empty for the table itself.
    pub column: String,
    /// In English.
    pub english: String,
    /// In Italian.
    pub italian: String,
}

type Entries = BTreeMap<(&'static str, &'static str), (&'static str, &'static str)>;

fn entries() -> Entries {
    CODEBOOK
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let key = (cells.next()?, cells.next()?);
            Some((key, (cells.next()?, cells.next()?)))
        })
        .collect()
}

/// Returns the tables and views that belong to the dataset: neither SQLite's own nor those of search and migrations.
fn columns(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    connection
        .prepare(
            "select t.name, '' from sqlite_schema t
             where t.type in ('table', 'view') and t.name not like '%fts%' and t.name not glob 'sqlite_*'
                 and t.name <> 'refinery_schema_history'
             union all
             select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
             where t.type in ('table', 'view') and t.name not like '%fts%' and t.name not glob 'sqlite_*'
                 and t.name <> 'refinery_schema_history'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn describe(entries: &Entries, table: &str, column: &str) -> Option<Description> {
    let (english, italian) =
        entries.get(&(table, column)).or_else(|| entries.get(&("*", column)))?;
    (!english.is_empty() && !italian.is_empty()).then(|| Description {
        table: table.to_owned(),
        column: column.to_owned(),
        english: (*english).to_owned(),
        italian: (*italian).to_owned(),
    })
}

/// Returns whether the codebook in the file is another than this program's.
pub(super) fn is_stale(connection: &Connection) -> rusqlite::Result<bool> {
    let stored = connection
        .prepare(
            "select table_name, column_name, description, description_it from codebook
             order by table_name, column_name",
        )?
        .query_map([], |row| {
            Ok(Description {
                table: row.get(0)?,
                column: row.get(1)?,
                english: row.get(2)?,
                italian: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(stored != current(connection)?)
}

fn current(connection: &Connection) -> rusqlite::Result<Vec<Description>> {
    let entries = entries();
    let mut described: Vec<Description> = columns(connection)?
        .iter()
        .filter_map(|(table, column)| describe(&entries, table, column))
        .collect();
    described.sort_by(|a, b| (&a.table, &a.column).cmp(&(&b.table, &b.column)));
    Ok(described)
}

/// Writes the codebook of this program into the file.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("delete from codebook", [])?;
    let mut insert = connection.prepare(
        "insert into codebook (table_name, column_name, description, description_it) values (?1, ?2, ?3, ?4)",
    )?;
    for d in current(connection)? {
        insert.execute([d.table, d.column, d.english, d.italian])?;
    }
    Ok(())
}

/// Returns the tables and columns of a new database that the codebook does not describe, and the entries of the
/// codebook that describe nothing; a test holds both empty.
pub fn undescribed() -> Vec<String> {
    let entries = entries();
    let all = all_columns();
    let mut wrong: Vec<String> = all
        .iter()
        .filter(|(table, column)| describe(&entries, table, column).is_none())
        .map(|(table, column)| format!("{table}.{column} has no description"))
        .collect();
    for (table, column) in entries.keys() {
        let used = all.iter().any(|(t, c)| c == column && (t == table || *table == "*"));
        if !used {
            wrong.push(format!("{table}.{column} is described, but not there"));
        }
    }
    wrong
}

/// Returns the descriptions of every table, view and column, tables in the order of the alphabet, columns in theirs.
pub fn described_tables() -> Vec<Description> {
    let entries = entries();
    let mut described: Vec<Description> =
        all_columns().iter().filter_map(|(t, c)| describe(&entries, t, c)).collect();
    // Stable: the columns of a table stay in the order in which they were declared.
    described.sort_by(|a, b| a.table.cmp(&b.table));
    described
}

fn all_columns() -> Vec<(String, String)> {
    let mut connection = Connection::open_in_memory().expect("memory holds an empty database");
    super::schema::migrate(&mut connection, std::path::Path::new(":memory:"))
        .expect("the embedded migrations apply to an empty database");
    columns(&connection).expect("a migrated database lists its columns")
}

/// Returns the page that describes what the output folder holds, in Markdown.
///
/// `files` gives each CSV file with the view it is written from.
pub fn readme(files: &[(&str, &str)]) -> String {
    let described = described_tables();
    let title = |table: &str| {
        described
            .iter()
            .find(|d| d.table == table && d.column.is_empty())
            .map_or("", |d| d.english.as_str())
    };
    let mut page = String::from(README_TOP);
    page.push_str("\n## CSV files\n");
    for (file, view) in files {
        page.push_str(&format!(
            "\n### {file}\n\n{}.\n\n| column | meaning | significato |\n| --- | --- | --- |\n",
            title(view)
        ));
        push_columns(&mut page, &described, view);
    }
    page.push_str("\n## Tables and views of valzer.sqlite\n\nThe views that the CSV files are written from are described above.\n");
    let mut tables: Vec<&str> = described.iter().map(|d| d.table.as_str()).collect();
    tables.dedup();
    for table in tables.iter().filter(|table| !files.iter().any(|(_, view)| view == *table)) {
        page.push_str(&format!(
            "\n### {table}\n\n{}.\n\n| column | meaning | significato |\n| --- | --- | --- |\n",
            title(table)
        ));
        push_columns(&mut page, &described, table);
    }
    page
}

fn push_columns(page: &mut String, described: &[Description], table: &str) {
    for d in described.iter().filter(|d| d.table == table && !d.column.is_empty()) {
        page.push_str(&format!("| `{}` | {} | {} |\n", d.column, d.english, d.italian));
    }
}

const README_TOP: &str = "\
# What is in this folder

Results of `valzer build` land here: `valzer.sqlite`, the whole dataset with the articles and the words behind every row,
and CSV files for spreadsheets. This page is made from the codebook, which every database carries too
(`select * from codebook`); a test keeps it true. Git ignores everything else in this folder.

Dates are as exact as the sources: `2024`, `2024-09`, `2024-09-10`, `2024~` (about). Confidence is a whole percentage. An
empty cell means that no source says it. A cell that begins with `'` was guarded: its text begins with a character
(`=`, `+`, `-`, `@`) that a spreadsheet would run as a formula.
";
