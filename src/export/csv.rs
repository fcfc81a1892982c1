//! CSV files, written beside their place and renamed into it together at the end.

use crate::error::Error;
use crate::model::Cell;
use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Begins the name of every unfinished file.
const UNFINISHED: &str = ".valzer-";

/// How a spreadsheet likes its CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 4180 with line feeds: comma, UTF-8 without a mark. For programs.
    #[default]
    Plain,
    /// Comma, CRLF and a byte order mark, by which Excel knows UTF-8.
    Excel,
    /// Semicolon, CRLF and a byte order mark: for Excel in Italy and wherever the comma is the decimal sign.
    ExcelIt,
}

impl Dialect {
    fn mark(self) -> &'static [u8] {
        if self == Dialect::Plain { b"" } else { "\u{feff}".as_bytes() }
    }

    fn builder(self) -> csv::WriterBuilder {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(if self == Dialect::ExcelIt { b';' } else { b',' }).terminator(
            match self {
                Dialect::Plain => csv::Terminator::Any(b'\n'),
                Dialect::Excel | Dialect::ExcelIt => csv::Terminator::CRLF,
            },
        );
        builder
    }
}

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Separators and marks.
    pub dialect: Dialect,
    /// Whether cells that a spreadsheet would run as a formula get a `'` in front.
    pub guard_formulas: bool,
    /// Rows of moves, positions and sources below this whole percentage are left out.
    pub min_confidence: u8,
}

impl Default for Options {
    fn default() -> Self {
        Options { dialect: Dialect::Plain, guard_formulas: true, min_confidence: 0 }
    }
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Each file with its number of rows.
    pub files: Vec<(PathBuf, u64)>,
    /// Cells that got a `'` in front.
    pub n_guarded: u64,
}

/// A folder that is being filled; nothing in it changes until [`Folder::commit`].
pub struct Folder {
    path: PathBuf,
    options: Options,
    files: Vec<(NamedTempFile, PathBuf, u64)>,
    n_guarded: u64,
}

/// One file that is being written.
pub struct Table<'a> {
    folder: &'a mut Folder,
    writer: csv::Writer<BufWriter<NamedTempFile>>,
    target: PathBuf,
    n_rows: u64,
}

impl Folder {
    /// Makes the folder where needed and makes sure, before any work is done, that files can be written into it.
    pub fn create(path: &Path, options: Options) -> Result<Self, Error> {
        std::fs::create_dir_all(path)
            .map_err(|source| Error::io("create the folder", path, source))?;
        unfinished(path)?;
        Ok(Folder { path: path.to_owned(), options, files: Vec::new(), n_guarded: 0 })
    }

    /// Removes what killed runs left half written; only while nobody else writes here.
    pub fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(UNFINISHED) && name.ends_with(".tmp") {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Begins the file `name.csv` with its header.
    pub fn table(&mut self, name: &str, columns: &[String]) -> Result<Table<'_>, Error> {
        let target = self.path.join(format!("{name}.csv"));
        let mut file = BufWriter::with_capacity(1 << 16, unfinished(&self.path)?);
        let dialect = self.options.dialect;
        file.write_all(dialect.mark()).map_err(|source| Error::io("write", &target, source))?;
        let writer = dialect.builder().from_writer(file);
        let mut table = Table { folder: self, writer, target, n_rows: 0 };
        table.record(columns.iter().map(String::as_bytes))?;
        Ok(table)
    }

    /// Puts every finished file into its place.
    pub fn commit(self) -> Result<Written, Error> {
        let mut written = Written { files: Vec::new(), n_guarded: self.n_guarded };
        for (file, target, n_rows) in self.files {
            file.persist(&target).map_err(|failed| Error::io("write", &target, failed.error))?;
            written.files.push((target, n_rows));
        }
        Ok(written)
    }
}

impl Table<'_> {
    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        let guard = self.folder.options.guard_formulas;
        let mut n_guarded = 0;
        let fields: Vec<Cow<'_, str>> = cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) if guard && is_formula(text) => {
                    n_guarded += 1;
                    Cow::Owned(format!("'{text}"))
                }
                Cell::Text(text) => Cow::Borrowed(text.as_str()),
                other => Cow::Owned(other.to_string()),
            })
            .collect();
        self.record(fields.iter().map(|field| field.as_bytes()))?;
        self.folder.n_guarded += n_guarded;
        self.n_rows += 1;
        Ok(())
    }

    /// Ends the file; it gets its name in [`Folder::commit`].
    pub fn finish(self) -> Result<(), Error> {
        let Table { folder, writer, target, n_rows } = self;
        let failed = |source| Error::io("write", &target, source);
        let file = writer
            .into_inner()
            .map_err(|error| failed(error.into_error()))?
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        folder.files.push((file, target, n_rows));
        Ok(())
    }

    fn record<'b>(&mut self, fields: impl Iterator<Item = &'b [u8]>) -> Result<(), Error> {
        self.writer.write_record(fields).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(source) => Error::io("write", &self.target, source),
            other => Error::Format {
                place: self.target.display().to_string(),
                reason: format!("{other:?}"),
            },
        })
    }
}

/// Returns a new file in `folder` that has no name of its own yet.
pub(super) fn unfinished(folder: &Path) -> Result<NamedTempFile, Error> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED).suffix(".tmp");
    // A private file would stay private after it got its name; the umask decides, as for any other file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|source| Error::io("write into the folder", folder, source))
}

/// Returns whether a spreadsheet would take `text` for a formula (OWASP's list).
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Returns one line of plain CSV; for results that go to standard output.
pub fn record(fields: &[String]) -> Vec<u8> {
    lines(Dialect::Plain, std::iter::once(fields))
}

/// Returns a whole file of CSV, its cells as they are.
pub fn encode(dialect: Dialect, columns: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let all = std::iter::once(columns).chain(rows.iter().map(Vec::as_slice));
    [dialect.mark(), &lines(dialect, all)].concat()
}

fn lines<'a>(dialect: Dialect, rows: impl Iterator<Item = &'a [String]>) -> Vec<u8> {
    let mut writer = dialect.builder().from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes any record");
    }
    writer.into_inner().expect("memory takes any record")
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Folder, Options};
    use crate::model::Cell;

    fn written(dialect: Dialect, guard_formulas: bool, cells: &[Cell]) -> (String, u64) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let options = Options { dialect, guard_formulas, min_confidence: 0 };
        let mut folder = Folder::create(place.path(), options).expect("a new folder is writable");
        let columns: Vec<String> = (0..cells.len()).map(|n| format!("c{n}")).collect();
        let mut table = folder.table("t", &columns).expect("a table begins");
        table.row(cells).expect("a row fits");
        table.finish().expect("a table ends");
        let written = folder.commit().expect("a file gets its name");
        let text = std::fs::read_to_string(place.path().join("t.csv")).expect("the file is there");
        (text, written.n_guarded)
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn each_dialect_has_its_mark_separator_and_line_end() {
        let cells = [text("a,b;c \"d\"\ne"), Cell::Integer(-3), Cell::Null];
        assert_eq!(
            written(Dialect::Plain, true, &cells).0,
            "c0,c1,c2\n\"a,b;c \"\"d\"\"\ne\",-3,\n"
        );
        assert_eq!(
            written(Dialect::Excel, true, &cells).0,
            "\u{feff}c0,c1,c2\r\n\"a,b;c \"\"d\"\"\ne\",-3,\r\n"
        );
        assert_eq!(
            written(Dialect::ExcelIt, true, &cells).0,
            "\u{feff}c0;c1;c2\r\n\"a,b;c \"\"d\"\"\ne\";-3;\r\n"
        );
    }

    #[test]
    fn formulas_are_guarded_and_counted_unless_told_otherwise() {
        let cells: Vec<Cell> =
            ["=1+1", "+1", "-ciao", "@x", "\tx", "\rx", "a=b", "'x", ""].map(text).to_vec();
        let (guarded, n) = written(Dialect::Plain, true, &cells);
        assert_eq!(n, 6);
        assert_eq!(
            guarded.lines().nth(1).map(|line| line.starts_with("'=1+1,'+1,'-ciao,'@x,'\tx,\"'")),
            Some(true)
        );
        assert!(written(Dialect::Plain, false, &cells).0.contains("\n=1+1,+1,"));
    }
}
