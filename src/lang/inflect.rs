//! Generates verb forms: every form that news use, Italian futures and clitics included.

use super::form::Form;
use serde::Deserialize;

/// The forms of an irregular verb that differ from its pattern; an entry of `verbs.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Irregular {
    pub(crate) lemma: String,
    #[serde(default)]
    pub(crate) present: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) past: Option<OneOrMany>,
    #[serde(default)]
    pub(crate) participle: Option<OneOrMany>,
    #[serde(default)]
    pub(crate) future_stem: Option<String>,
    #[serde(default)]
    pub(crate) subjunctive: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) imperfect: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) gerund: Option<String>,
    #[serde(default)]
    pub(crate) third: Option<String>,
    #[serde(default)]
    pub(crate) isc: bool,
}

/// A form, or several spellings of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn all(&self) -> Vec<&str> {
        match self {
            OneOrMany::One(word) => vec![word],
            OneOrMany::Many(words) => words.iter().map(String::as_str).collect(),
        }
    }
}

/// Returns every form of an English verb.
pub(crate) fn english(
    lemma: &str,
    irregular: Option<&Irregular>,
    doubles: bool,
) -> Vec<(String, Form)> {
    let mut out = vec![(lemma.to_owned(), Form::INFINITIVE.with(Form::PRESENT).with(Form::PLURAL))];
    let last = lemma.chars().last().unwrap_or('e');
    let before_last = lemma.chars().rev().nth(1).unwrap_or('a');
    let consonant_y = last == 'y' && !"aeiou".contains(before_last);
    let stem = if doubles { format!("{lemma}{last}") } else { lemma.to_owned() };
    let third = match irregular.and_then(|i| i.third.clone()) {
        Some(third) => third,
        None if consonant_y => format!("{}ies", &lemma[..lemma.len() - 1]),
        None if ["s", "x", "z", "ch", "sh", "o"].iter().any(|e| lemma.ends_with(e)) => {
            format!("{lemma}es")
        }
        None => format!("{lemma}s"),
    };
    out.push((third, Form::PRESENT.with(Form::SINGULAR)));
    let regular_past = match () {
        () if last == 'e' => format!("{lemma}d"),
        () if consonant_y => format!("{}ied", &lemma[..lemma.len() - 1]),
        () => format!("{stem}ed"),
    };
    let past = irregular.and_then(|i| i.past.as_ref());
    let participle = irregular.and_then(|i| i.participle.as_ref());
    match past {
        Some(past) => out.extend(past.all().into_iter().map(|p| (p.to_owned(), Form::PAST))),
        None => out.push((regular_past.clone(), Form::PAST)),
    }
    match participle.or(past) {
        Some(words) => {
            out.extend(words.all().into_iter().map(|p| (p.to_owned(), Form::PARTICIPLE)));
        }
        None => out.push((regular_past, Form::PARTICIPLE)),
    }
    let gerund = match irregular.and_then(|i| i.gerund.clone()) {
        Some(gerund) => gerund,
        None if lemma.ends_with("ie") => format!("{}ying", &lemma[..lemma.len() - 2]),
        None if last == 'e' && before_last != 'e' && before_last != 'o' && before_last != 'y' => {
            format!("{}ing", &lemma[..lemma.len() - 1])
        }
        None => format!("{stem}ing"),
    };
    out.push((gerund, Form::GERUND));
    merged(out)
}

const CLITICS: [&str; 14] =
    ["si", "lo", "la", "li", "le", "ne", "ci", "gli", "mi", "ti", "vi", "sene", "selo", "gliene"];

/// Returns every form of an Italian verb; `lemma` without the reflexive ending ("dimettere").
pub(crate) fn italian(lemma: &str, irregular: Option<&Irregular>) -> Vec<(String, Form)> {
    let mut out: Vec<(String, Form)> = vec![(lemma.to_owned(), Form::INFINITIVE)];
    let default = Irregular::default();
    let irr = irregular.unwrap_or(&default);
    let conjugation = if lemma.ends_with("are") {
        'a'
    } else if lemma.ends_with("ire") {
        'i'
    } else {
        'e'
    };
    // "porre", "condurre", "trarre" keep their old stems ("pon-", "conduc-", "tra-") only in listed forms.
    let root = lemma
        .strip_suffix("rre")
        .or_else(|| lemma.get(..lemma.len().saturating_sub(3)))
        .unwrap_or(lemma);
    let join = |ending: &str| spell(root, conjugation, ending);
    let present = irr.present.clone().unwrap_or_else(|| match (conjugation, irr.isc) {
        ('a', _) => ["o", "i", "a", "iamo", "ate", "ano"].map(&join).to_vec(),
        ('e', _) => ["o", "i", "e", "iamo", "ete", "ono"].map(&join).to_vec(),
        (_, true) => ["isco", "isci", "isce", "iamo", "ite", "iscono"].map(&join).to_vec(),
        _ => ["o", "i", "e", "iamo", "ite", "ono"].map(&join).to_vec(),
    });
    persons(&mut out, &present, Form::PRESENT);
    let past = match &irr.past {
        Some(past) => past.all().into_iter().map(str::to_owned).collect(),
        None => match conjugation {
            'a' => ["ai", "asti", "ò", "ammo", "aste", "arono"].map(&join).to_vec(),
            'e' => ["ei", "esti", "é", "emmo", "este", "erono"].map(&join).to_vec(),
            _ => ["ii", "isti", "ì", "immo", "iste", "irono"].map(&join).to_vec(),
        },
    };
    persons(&mut out, &past, Form::PAST);
    if conjugation == 'e' && irr.past.is_none() {
        out.push((join("ette"), Form::PAST.with(Form::SINGULAR)));
        out.push((join("ettero"), Form::PAST.with(Form::PLURAL)));
        out.push((join("è"), Form::PAST.with(Form::SINGULAR)));
    }
    let imperfect = irr.imperfect.clone().unwrap_or_else(|| {
        ["vo", "vi", "va", "vamo", "vate", "vano"]
            .map(|e| join(&format!("{conjugation}{e}")))
            .to_vec()
    });
    persons(&mut out, &imperfect, Form::IMPERFECT);
    let future = irr.future_stem.clone().unwrap_or_else(|| match conjugation {
        'a' => join("er"),
        'e' if lemma.ends_with("rre") => format!("{root}rr"),
        'e' => join("er"),
        _ => join("ir"),
    });
    persons(
        &mut out,
        &["ò", "ai", "à", "emo", "ete", "anno"].map(|e| format!("{future}{e}")),
        Form::FUTURE,
    );
    persons(
        &mut out,
        &["ei", "esti", "ebbe", "emmo", "este", "ebbero"].map(|e| format!("{future}{e}")),
        Form::CONDITIONAL,
    );
    let subjunctive = irr.subjunctive.clone().unwrap_or_else(|| {
        let base = present.first().map(|p| p.trim_end_matches('o').to_owned()).unwrap_or_default();
        match conjugation {
            'a' => ["i", "i", "i", "iamo", "iate", "ino"].map(&join).to_vec(),
            _ => {
                let we = present.get(3).cloned().unwrap_or_default();
                vec![
                    format!("{base}a"),
                    format!("{base}a"),
                    format!("{base}a"),
                    we.clone(),
                    we.replace("iamo", "iate"),
                    format!("{base}ano"),
                ]
            }
        }
    });
    persons(&mut out, &subjunctive, Form::SUBJUNCTIVE);
    let vowel = conjugation;
    let imperfect_stem = imperfect
        .first()
        .and_then(|w| w.strip_suffix("vo"))
        .map(str::to_owned)
        .unwrap_or_else(|| join(&vowel.to_string()));
    persons(
        &mut out,
        &["ssi", "ssi", "sse", "ssimo", "ste", "ssero"].map(|e| format!("{imperfect_stem}{e}")),
        Form::SUBJUNCTIVE,
    );
    let participles: Vec<String> = match &irr.participle {
        Some(words) => words.all().into_iter().map(str::to_owned).collect(),
        None => vec![match conjugation {
            'a' => join("ato"),
            'e' => join("uto"),
            _ => join("ito"),
        }],
    };
    for participle in &participles {
        let stem = participle.trim_end_matches('o');
        for (ending, form) in [
            ("o", Form::SINGULAR),
            ("a", Form::SINGULAR.with(Form::FEMININE)),
            ("i", Form::PLURAL),
            ("e", Form::PLURAL.with(Form::FEMININE)),
        ] {
            out.push((format!("{stem}{ending}"), Form::PARTICIPLE.with(form)));
            out.push((
                format!("{stem}{ending}si"),
                Form::PARTICIPLE.with(form).with(Form::REFLEXIVE),
            ));
        }
    }
    let gerund = irr.gerund.clone().unwrap_or_else(|| {
        if conjugation == 'a' {
            join("ando")
        } else {
            format!("{}endo", imperfect_root(&imperfect_stem))
        }
    });
    let short_infinitive = lemma
        .strip_suffix("rre")
        .map(|r| format!("{r}r"))
        .unwrap_or_else(|| lemma.trim_end_matches('e').to_owned());
    for (base, form) in [(short_infinitive, Form::INFINITIVE), (gerund.clone(), Form::GERUND)] {
        for clitic in CLITICS {
            let mark = if clitic.starts_with('s') { Form::REFLEXIVE } else { Form::CLITIC };
            out.push((format!("{base}{clitic}"), form.with(mark)));
        }
        if form == Form::INFINITIVE {
            out.push((base, form));
        }
    }
    out.push((gerund, Form::GERUND));
    merged(out)
}

fn imperfect_root(stem: &str) -> &str {
    stem.strip_suffix(['e', 'i']).unwrap_or(stem)
}

/// Adds six persons; the third ones are marked, the others too are kept ("ho deciso", "abbiamo scelto").
fn persons(out: &mut Vec<(String, Form)>, six: &[String], form: Form) {
    for (i, word) in six.iter().enumerate() {
        let number = match i {
            2 => Form::SINGULAR,
            5 => Form::PLURAL,
            _ => Form::default(),
        };
        out.push((word.clone(), form.with(number)));
    }
}

/// Joins root and ending by the spelling rules of -care, -gare, -ciare, -giare and -iare.
fn spell(root: &str, conjugation: char, ending: &str) -> String {
    let front = ending.starts_with(['e', 'i']);
    if conjugation == 'a' && front {
        if root.ends_with(['c', 'g']) {
            return format!("{root}h{ending}");
        }
        if let Some(short) = root.strip_suffix('i') {
            let soft = short.ends_with(['c', 'g']) || ending.starts_with('i');
            return if soft { format!("{short}{ending}") } else { format!("{root}{ending}") };
        }
    }
    format!("{root}{ending}")
}

fn merged(mut forms: Vec<(String, Form)>) -> Vec<(String, Form)> {
    forms.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out: Vec<(String, Form)> = Vec::with_capacity(forms.len());
    for (word, form) in forms {
        match out.last_mut() {
            Some((last, marks)) if *last == word => *marks = marks.with(form),
            _ => out.push((word, form)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Form, Irregular, OneOrMany, english, italian};

    fn has(forms: &[(String, Form)], word: &str, form: Form) {
        assert!(forms.iter().any(|(w, f)| w == word && f.has(form)), "{word} in {forms:?}");
    }

    #[test]
    fn italian_forms_follow_the_spelling_rules() {
        let forms = italian("lasciare", None);
        for (word, form) in [
            ("lascia", Form::PRESENT),
            ("lascerà", Form::FUTURE),
            ("lascerebbe", Form::CONDITIONAL),
            ("lasciò", Form::PAST),
            ("lasciando", Form::GERUND),
            ("lasciarla", Form::CLITIC),
            ("lasciata", Form::FEMININE),
            ("lasciano", Form::PLURAL),
        ] {
            has(&forms, word, form);
        }
        has(&italian("indicare", None), "indicherà", Form::FUTURE);
        let irregular = Irregular {
            lemma: "dimettere".into(),
            past: Some(OneOrMany::Many(
                ["dimisi", "dimettesti", "dimise", "dimettemmo", "dimetteste", "dimisero"]
                    .map(String::from)
                    .to_vec(),
            )),
            participle: Some(OneOrMany::One("dimesso".into())),
            ..Irregular::default()
        };
        let forms = italian("dimettere", Some(&irregular));
        has(&forms, "dimettersi", Form::REFLEXIVE);
        has(&forms, "dimessasi", Form::REFLEXIVE);
        has(&forms, "dimetterà", Form::FUTURE);
        has(&forms, "dimettendosi", Form::GERUND);
    }

    #[test]
    fn english_forms_follow_the_spelling_rules() {
        has(&english("name", None, false), "naming", Form::GERUND);
        has(&english("tap", None, true), "tapped", Form::PARTICIPLE);
        has(&english("carry", None, false), "carried", Form::PAST);
        has(&english("oversee", None, false), "overseeing", Form::GERUND);
        has(&english("die", None, false), "dying", Form::GERUND);
    }
}
