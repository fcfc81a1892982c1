//! What is known before any article is read: well-known organisations, the taxonomy of roles, legal forms, the forms
//! of given names, common surnames, the general words of organisations' names.
//!
//! Every table is a CSV file in `knowledge/`, embedded in the program; a user's own file of firms is added with
//! [`Knowledge::with_firms`]. Nothing here decides anything: resolution and extraction look things up.

mod firms;
mod names;
mod roles;
mod words;

pub use firms::{KnownFirm, Problem, lint_firms};
pub use roles::{KnownRole, RoleWord, RoleWordClass};
pub use words::{OrgWordClass, OrgWords};

use firms::FirmTable;
use names::NameTable;
use roles::RoleTable;
use words::LegalForms;

const FIRMS: &str = include_str!("../../knowledge/firms.csv");
const ROLES: &str = include_str!("../../knowledge/roles.csv");
const ROLE_WORDS: &str = include_str!("../../knowledge/role_words.csv");
const LEGAL_FORMS: &str = include_str!("../../knowledge/legal_forms.csv");
const ORG_WORDS: &str = include_str!("../../knowledge/org_words.csv");
const GIVEN_NAMES: &str = include_str!("../../knowledge/given_names.csv");
const SURNAMES: &str = include_str!("../../knowledge/surnames.txt");
const COMMON_SURNAMES: &str = include_str!("../../knowledge/common_surnames.csv");

/// The tables of `knowledge/` and the user's own; build it once and share it between threads.
#[derive(Clone, Debug)]
pub struct Knowledge {
    pub(crate) legal_forms: LegalForms,
    pub(crate) org_words: OrgWords,
    pub(crate) names: NameTable,
    pub(crate) firms: FirmTable,
    pub(crate) roles: RoleTable,
}

impl Default for Knowledge {
    /// Returns the embedded tables.
    fn default() -> Self {
        let mut knowledge = Knowledge::without_firms();
        knowledge.firms = FirmTable::parse(FIRMS, &knowledge.legal_forms).0;
        knowledge
    }
}

impl Knowledge {
    /// Returns the tables that name no organisation: what is left is knowledge of languages, not of the world.
    pub fn without_firms() -> Self {
        Knowledge {
            legal_forms: LegalForms::parse(LEGAL_FORMS),
            org_words: OrgWords::parse(ORG_WORDS),
            names: NameTable::parse(GIVEN_NAMES, COMMON_SURNAMES, SURNAMES),
            firms: FirmTable::default(),
            roles: RoleTable::parse(ROLES, ROLE_WORDS),
        }
    }

    /// Returns these tables with the firms of a user's file (same columns as `knowledge/firms.csv`) added, and what is
    /// wrong with the file; lines with problems are left out. A firm of the same name as a known one replaces it.
    pub fn with_firms(mut self, csv: &str) -> (Self, Vec<Problem>) {
        let (table, problems) = FirmTable::parse(csv, &self.legal_forms);
        self.firms.add(table, &self.legal_forms);
        (self, problems)
    }

    /// Returns the key that all spellings of an organisation's name share: folded, without article and legal form.
    ///
    /// "The Enerlago S.p.A." and "ENERLAGO" both give "enerlago".
    pub fn firm_key(&self, name: &str) -> String {
        self.legal_forms.split(name).key
    }

    /// Returns the legal form at the end of a name in its usual spelling: "S.p.A." of "Enerlago Spa".
    pub fn legal_form(&self, name: &str) -> Option<&str> {
        self.legal_forms.split(name).form
    }

    /// Returns the known firms that one of the spellings of `name` belongs to.
    pub fn firms_named(&self, name: &str) -> Vec<&KnownFirm> {
        self.firms
            .of_key(&self.firm_key(name))
            .iter()
            .map(|i| &self.firms.list[*i as usize])
            .collect()
    }

    /// Returns every known firm, in the order of the files.
    pub fn firms(&self) -> &[KnownFirm] {
        &self.firms.list
    }

    /// Returns every known title.
    pub fn roles(&self) -> &[KnownRole] {
        &self.roles.list
    }
}

/// Returns the records of an embedded table, which the tests hold to be well-formed.
fn embedded(csv: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(csv.as_bytes())
        .records()
        .filter_map(Result::ok)
        .collect()
}

/// Returns the line of `text`, from 1, on which a record begins.
///
/// The csv crate ends a record at the CR of CRLF and counts the LF, and blank lines, before the next one.
pub(crate) fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let between = rest.iter().take_while(|byte| matches!(**byte, b'\r' | b'\n'));
    position.line() + between.filter(|byte| **byte == b'\n').count() as u64
}
