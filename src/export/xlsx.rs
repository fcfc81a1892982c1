//! An Excel workbook: one sheet a table, words as text cells, so that no locale turns `3-4` into a date or `=1` into a
//! formula.

use crate::error::Error;
use crate::model::Cell;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::path::{Path, PathBuf};

/// Excel's own limits: rows of a sheet, and UTF-16 units of a cell.
const MAX_ROWS: u32 = 1_048_576;
const MAX_UNITS: usize = 32_767;

/// A workbook that is being filled; the file appears in [`Book::commit`].
pub struct Book {
    path: PathBuf,
    workbook: Workbook,
    sheet: usize,
    next_row: u32,
    columns: u16,
    n_cut: u64,
}

impl Book {
    /// Begins a workbook for `path`, making sure first that its folder can be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        super::csv::unfinished(folder_of(path))?;
        let mut workbook = Workbook::new();
        // The same dataset gives the same bytes: the day of creation is not today.
        let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|error| bad(path, &error))?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
        Ok(Book { path: path.to_owned(), workbook, sheet: 0, next_row: 0, columns: 0, n_cut: 0 })
    }

    /// Begins a sheet with its header: bold, always in sight.
    pub fn sheet(&mut self, name: &str, columns: &[String]) -> Result<(), Error> {
        self.end_sheet()?;
        let bold = Format::new().set_bold();
        let path = &self.path;
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name).map_err(|error| bad(path, &error))?;
        sheet.set_freeze_panes(1, 0).map_err(|error| bad(path, &error))?;
        for (at, column) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, at, column, &bold).map_err(|e| bad(path, &e))?;
        }
        self.sheet += 1;
        self.next_row = 1;
        self.columns = columns.len() as u16;
        Ok(())
    }

    /// Writes a row of the present sheet; a text beyond Excel's 32,767 characters is cut, and counted.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        if self.next_row >= MAX_ROWS {
            return Err(Error::Format {
                place: self.path.display().to_string(),
                reason: format!(
                    "a sheet of Excel ends at {MAX_ROWS} rows; write CSV, or use --min-confidence"
                ),
            });
        }
        let path = &self.path;
        let sheet = self
            .workbook
            .worksheet_from_index(self.sheet - 1)
            .map_err(|error| bad(path, &error))?;
        for (at, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Null => continue,
                Cell::Integer(number) => sheet.write_number(self.next_row, at, *number as f64),
                Cell::Real(number) => sheet.write_number(self.next_row, at, *number),
                Cell::Text(text) => {
                    let fitting = fitting(text);
                    self.n_cut += u64::from(fitting.len() < text.len());
                    sheet.write_string(self.next_row, at, fitting)
                }
            }
            .map_err(|error| bad(path, &error))?;
        }
        self.next_row += 1;
        Ok(())
    }

    /// Writes the file; returns how many cells were cut.
    pub fn commit(mut self) -> Result<u64, Error> {
        self.end_sheet()?;
        let file = super::csv::unfinished(folder_of(&self.path))?;
        self.workbook.save_to_writer(file.as_file()).map_err(|error| bad(&self.path, &error))?;
        file.persist(&self.path).map_err(|failed| Error::io("write", &self.path, failed.error))?;
        Ok(self.n_cut)
    }

    fn end_sheet(&mut self) -> Result<(), Error> {
        if self.sheet == 0 || self.columns == 0 {
            return Ok(());
        }
        let path = &self.path;
        let sheet = self
            .workbook
            .worksheet_from_index(self.sheet - 1)
            .map_err(|error| bad(path, &error))?;
        sheet
            .autofilter(0, 0, self.next_row.saturating_sub(1).max(1), self.columns - 1)
            .map_err(|error| bad(path, &error))?;
        Ok(())
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn fitting(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_UNITS {
            return &text[..at];
        }
    }
    text
}

fn bad(path: &Path, error: &XlsxError) -> Error {
    match error {
        XlsxError::IoError(source) => {
            Error::io("write", path, std::io::Error::new(source.kind(), source.to_string()))
        }
        other => Error::Format { place: path.display().to_string(), reason: other.to_string() },
    }
}
