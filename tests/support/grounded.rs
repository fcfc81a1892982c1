use valzer::extract::json::{from_record, to_record};
use valzer::model::{ArticleClaims, Evidence, SlotName};

/// Checks what always holds of the claims of an article, whatever its text.
pub(crate) fn assert_grounded(claims: &ArticleClaims) {
    // Reading claims back checks that each span lies in the text and each quote is the text's.
    let again = from_record(to_record(claims));
    assert_eq!(again.as_ref(), Ok(claims));
    for m in &claims.moves {
        assert!((0.0..=1.0).contains(&m.confidence), "{m:?}");
        let slots = [
            (SlotName::Person, true),
            (SlotName::FromFirm, m.from_firm.is_some()),
            (SlotName::FromRole, m.from_role.is_some()),
            (SlotName::ToFirm, m.to_firm.is_some()),
            (SlotName::ToRole, m.to_role.is_some()),
            (SlotName::ToNote, m.to_note.is_some()),
            (SlotName::Date, m.date.is_some()),
        ];
        assert_said(&slots, &m.evidence);
    }
    for p in &claims.positions {
        assert!((0.0..=1.0).contains(&p.confidence), "{p:?}");
        let slots = [
            (SlotName::Person, true),
            (SlotName::Firm, p.firm.is_some()),
            (SlotName::Role, p.role.is_some()),
        ];
        assert_said(&slots, &p.evidence);
    }
}

/// Checks that each filled slot has evidence, and that none of it is empty.
fn assert_said(slots: &[(SlotName, bool)], evidence: &[Evidence]) {
    for (slot, filled) in slots {
        assert!(!filled || evidence.iter().any(|e| e.slot == *slot), "{slot:?}: {evidence:?}");
    }
    assert!(evidence.iter().all(|e| !e.span.is_empty()), "{evidence:?}");
}
