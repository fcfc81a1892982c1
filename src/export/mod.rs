//! The dataset in files for people: one file per format. Knows rows of cells, not where they come from.

pub mod csv;
pub mod decisions;
pub mod xlsx;

/// A file of the export: its name, the view it shows, the order of its rows, and which rows a floor of confidence
/// keeps.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// `moves`: the name of the file without its ending.
    pub name: &'static str,
    /// View or table of the database.
    pub view: &'static str,
    /// Columns that order the rows, the same in every run.
    pub order: &'static str,
    /// Condition that keeps rows at `?` percent and above; empty where rows have no confidence of their own.
    pub floor: &'static str,
}

/// Every file of the export, what people open first coming first.
pub const SHEETS: &[Sheet] = &[
    Sheet { name: "moves", view: "moves_flat", order: "id", floor: "confidence_percent >= ?" },
    Sheet { name: "positions", view: "positions_flat", order: "id", floor: "confidence_percent >= ?" },
    Sheet { name: "people", view: "people_flat", order: "id", floor: "" },
    Sheet { name: "firms", view: "firms_flat", order: "id", floor: "" },
    Sheet { name: "roles", view: "roles_flat", order: "id", floor: "" },
    Sheet {
        name: "sources",
        view: "sources",
        order: "entity, row_id, ordinal",
        floor: "(entity = 'move' and row_id in (select id from moves_flat where confidence_percent >= ?)
                 or entity = 'position' and row_id in (select id from positions_flat where confidence_percent >= ?))",
    },
    Sheet { name: "articles", view: "articles_flat", order: "source, id", floor: "" },
    Sheet { name: "ingest_errors", view: "ingest_errors", order: "source", floor: "" },
];

impl Sheet {
    /// Returns the condition in SQL that keeps rows at `percent` and above.
    pub fn condition(&self, percent: u8) -> String {
        if self.floor.is_empty() || percent == 0 {
            return "true".to_owned();
        }
        self.floor.replace('?', &percent.to_string())
    }
}
