//! Titles: the words of a role to a normalised title, by the table of roles or composed of head, modifiers and unit.

use crate::knowledge::{Knowledge, RoleWord, RoleWordClass};
use crate::text::fold;

/// A title as resolution compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// In English: "Deputy General Manager", "Vice President, Growth, Partnerships, EMEA".
    pub(super) title: String,
    /// In Italian, where the table has it.
    pub(super) title_it: Option<String>,
    /// engineering, finance, …
    pub(super) function: Option<String>,
    /// founder, c-suite, vp, …
    pub(super) level: Option<String>,
    heads: Vec<String>,
    functions: Vec<String>,
    qualifiers: Vec<String>,
    /// Words that no table knows, in their order.
    rest: Vec<String>,
}

impl Title {
    /// Returns the field of work, `None` for functions that go with every field.
    pub(super) fn field(&self) -> Option<&str> {
        let function = self.function.as_deref();
        function.filter(|f| !matches!(*f, "general management" | "board" | "other" | "public"))
    }
}

/// How two titles go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TitleMatch {
    /// One post.
    Same,
    /// One may be the other told less exactly: "vice president" and "vice president of research".
    Compatible,
    /// Two posts.
    Different,
}

/// Heads that say only that somebody leads something.
const ANY_LEADER: &[&str] = &["head", "executive", "manager"];

/// Heads that "leads", "guida", "numero uno" can stand for.
const LEADERS: &[&str] = &[
    "chief executive officer",
    "general manager",
    "managing director",
    "director",
    "president",
    "founder",
    "chairman",
    "head",
    "executive",
    "manager",
    "chief scientist",
    "partner",
    "editor in chief",
];

/// Pairs of heads that newspapers use for one post.
const NEAR: &[(&str, &str)] = &[
    ("president", "chairman"),
    ("executive chairman", "chairman"),
    ("executive chairman", "president"),
    ("managing director", "chief executive officer"),
    ("managing director", "general manager"),
    ("director", "manager"),
    ("researcher", "specialist"),
    ("researcher", "engineer"),
    ("professor", "lecturer"),
    ("secretary", "secretary general"),
    ("partner", "shareholder"),
    ("director", "board member"),
    ("chief scientist", "researcher"),
    ("vice president", "director"),
    ("senior vice president", "vice president"),
    ("editor in chief", "director"),
];

/// Returns the normalised title of the words of a text.
pub(super) fn parse(role: &str, knowledge: &Knowledge) -> Title {
    let folded = fold(role);
    let composed = compose(&folded, knowledge);
    let known = knowledge
        .roles
        .named(&folded)
        .or_else(|| spellings(&composed).iter().find_map(|s| knowledge.roles.named(s)));
    let Some(known) = known else { return composed };
    let mut title = compose(&fold(&known.title), knowledge);
    title.title.clone_from(&known.title);
    title.title_it.clone_from(&known.title_it);
    title.function = known.function.clone().or(title.function);
    title.level = known.level.clone().or(title.level);
    if title.heads.is_empty() {
        title.heads = composed.heads;
    }
    title
}

/// Returns the spellings under which the table may have a composed title.
fn spellings(title: &Title) -> Vec<String> {
    let [head] = title.heads.as_slice() else { return Vec::new() };
    if !title.rest.is_empty() {
        return Vec::new();
    }
    let before = title.qualifiers.join(" ");
    match title.functions.as_slice() {
        [] => vec![format!("{before} {head}").trim().to_owned()],
        [function] => vec![
            format!("{before} {head} of {function}").trim().to_owned(),
            format!("{before} {function} {head}").trim().to_owned(),
        ],
        _ => Vec::new(),
    }
}

enum Part<'a> {
    Words(Vec<&'a RoleWord>),
    Unknown(&'a str),
}

fn compose(folded: &str, knowledge: &Knowledge) -> Title {
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut deputy = false;
    let mut i = 0;
    'next: while i < words.len() {
        for n in (1..=6.min(words.len() - i)).rev() {
            let phrase = words[i..i + n].join(" ");
            let found: Vec<&RoleWord> = knowledge.roles.words(&phrase).collect();
            if !found.is_empty() {
                parts.push(Part::Words(found));
                i += n;
                continue 'next;
            }
        }
        // "vicedirettrice", "vicesindaco"; "vice-" alone is a word of the table.
        if let Some(head) = words[i].strip_prefix("vice") {
            let found: Vec<&RoleWord> = knowledge.roles.words(head).collect();
            if !found.is_empty() {
                // "vicedirettrice generale": the head may go on.
                let longer = words
                    .get(i + 1)
                    .map(|next| {
                        knowledge.roles.words(&format!("{head} {next}")).collect::<Vec<_>>()
                    })
                    .filter(|found| !found.is_empty());
                deputy = true;
                i += if longer.is_some() { 2 } else { 1 };
                parts.push(Part::Words(longer.unwrap_or(found)));
                continue 'next;
            }
        }
        parts.push(Part::Unknown(words[i]));
        i += 1;
    }
    let mut title = Title {
        title: String::new(),
        title_it: None,
        function: None,
        level: None,
        heads: Vec::new(),
        functions: Vec::new(),
        qualifiers: Vec::new(),
        rest: Vec::new(),
    };
    let only_head = |part: &Part<'_>| match part {
        Part::Words(found) => found.iter().all(|w| w.class == RoleWordClass::Head),
        Part::Unknown(_) => false,
    };
    let has_sure_head = parts.iter().any(only_head);
    let mut region = Vec::new();
    for part in &parts {
        let found = match part {
            Part::Words(found) => found,
            Part::Unknown(word) => {
                title.rest.push((*word).to_owned());
                continue;
            }
        };
        // A word that can be a head or a modifier ("lead", "tecnico") is the head only where there is no other.
        let wants_head = !has_sure_head && title.heads.is_empty();
        let pick = found
            .iter()
            .find(|w| (w.class == RoleWordClass::Head) == (wants_head || only_head(part)))
            .or(found.first());
        let Some(word) = pick else { continue };
        match word.class {
            RoleWordClass::Head => {
                if title.level.is_none() {
                    title.level.clone_from(&word.group);
                }
                title.heads.push(word.concept.clone());
            }
            RoleWordClass::Qualifier => title.qualifiers.push(word.concept.clone()),
            RoleWordClass::Function => {
                if title.function.is_none() {
                    title.function.clone_from(&word.group);
                }
                title.functions.push(word.concept.clone());
            }
            RoleWordClass::Region => region.push(word.concept.clone()),
            RoleWordClass::Drop => {}
        }
    }
    if deputy {
        title.qualifiers.push("deputy".to_owned());
    }
    settle(&mut title);
    for list in [&mut title.functions, &mut title.qualifiers] {
        list.sort();
        list.dedup();
    }
    title.heads.dedup();
    title.title = spell(&title, &region);
    title
}

/// Combinations of words whose meaning is not the sum of theirs.
fn settle(title: &mut Title) {
    let has = |list: &[String], word: &str| list.iter().any(|w| w == word);
    // "chief AI officer": a head in two words around its function.
    if title.heads.len() >= 2 && has(&title.heads, "head") && has(&title.heads, "officer") {
        title.heads.retain(|h| h != "head" && h != "officer");
        title.heads.insert(0, "chief officer".to_owned());
        title.level = Some("c-suite".to_owned());
    }
    // "vicepresidente per la ricerca" is a vice president, "vicepresidente" sits on the board.
    if has(&title.heads, "chairman")
        && has(&title.qualifiers, "deputy")
        && !title.functions.is_empty()
    {
        title.heads.iter_mut().filter(|h| *h == "chairman").for_each(|h| {
            "vice president".clone_into(h);
        });
        title.qualifiers.retain(|q| q != "deputy");
        title.level = Some("vp".to_owned());
    }
    if has(&title.qualifiers, "independent") && has(&title.heads, "director") {
        title.heads.iter_mut().filter(|h| *h == "director").for_each(|h| {
            "board member".clone_into(h);
        });
        title.level = Some("board".to_owned());
    }
    // "capo ingegnere", "head coach", "lead designer": the leader's word is a rank beside another head.
    if title.heads.len() >= 2 && has(&title.heads, "head") {
        title.heads.retain(|h| h != "head");
        title.qualifiers.push("lead".to_owned());
    }
}

fn spell(title: &Title, region: &[String]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut functions = title.functions.clone();
    let qualifiers = title.qualifiers.join(" ");
    let heads = if title.heads.iter().any(|h| h == "chief officer") {
        let text = format!("chief {} officer", functions.join(" and "));
        functions.clear();
        text.replace("  ", " ")
    } else {
        title.heads.join(" and ")
    };
    if heads.is_empty() {
        // Nothing known leads: the unknown words are the title.
        words.push(format!("{qualifiers} {}", title.rest.join(" ")));
    } else {
        words.push(format!("{qualifiers} {heads}"));
        if !title.rest.is_empty() {
            words.push(title.rest.join(" "));
        }
    }
    words.extend(functions);
    words.extend(region.iter().cloned());
    let text: Vec<String> =
        words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()).map(capitals).collect();
    text.join(", ")
}

/// Returns the words with capitals, acronyms in full capitals.
fn capitals(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .filter(|w| !w.is_empty())
        .map(|word| match word {
            "ai" | "emea" | "apac" | "uk" | "us" | "it" | "hr" => word.to_uppercase(),
            "of" | "and" | "in" | "ad" | "non" => word.to_owned(),
            _ => {
                let mut chars = word.chars();
                chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
            }
        })
        .collect();
    words.join(" ")
}

/// Returns how two titles go together; symmetric.
pub(super) fn compare(a: &Title, b: &Title) -> TitleMatch {
    if a.title == b.title {
        return TitleMatch::Same;
    }
    let deputy = |t: &Title| t.qualifiers.iter().any(|q| q == "deputy" || q == "assistant");
    let honorary = |t: &Title| t.qualifiers.iter().any(|q| q == "honorary" || q == "emeritus");
    if deputy(a) != deputy(b) {
        // The Italian "vicepresidente" of a company is also its vice president.
        let vice = |t: &Title| {
            t.heads.iter().any(|h| h == "vice president")
                || (deputy(t) && t.heads.iter().any(|h| h == "chairman"))
        };
        let loose = a.functions.is_empty() || b.functions.is_empty();
        return if vice(a) && vice(b) && loose {
            TitleMatch::Compatible
        } else if a.heads.is_empty() && b.heads.is_empty() && (deputy(a) || deputy(b)) {
            TitleMatch::Different
        } else if a.heads.is_empty() || b.heads.is_empty() {
            unheaded(a, b)
        } else {
            TitleMatch::Different
        };
    }
    if honorary(a) != honorary(b) {
        return TitleMatch::Different;
    }
    if a.heads.is_empty() || b.heads.is_empty() {
        return unheaded(a, b);
    }
    let within = |x: &[String], y: &[String]| x.iter().all(|w| y.contains(w));
    let functions_agree = within(&a.functions, &b.functions)
        || within(&b.functions, &a.functions)
        || (a.field().is_some() && a.field() == b.field());
    let heads_agree = a.heads.iter().any(|x| {
        b.heads.iter().any(|y| {
            x == y
                || NEAR.iter().any(|(p, q)| (x == p && y == q) || (x == q && y == p))
                || (ANY_LEADER.contains(&x.as_str()) && LEADERS.contains(&y.as_str()))
                || (ANY_LEADER.contains(&y.as_str()) && LEADERS.contains(&x.as_str()))
        })
    });
    if heads_agree && functions_agree {
        let equal = a.heads == b.heads
            && a.functions == b.functions
            && a.qualifiers == b.qualifiers
            && (a.rest == b.rest || a.rest.is_empty() || b.rest.is_empty());
        return if equal { TitleMatch::Same } else { TitleMatch::Compatible };
    }
    // "head of product" and "chief product officer", "research director" and "chief scientist": one function, told as
    // a leader's; different ranks of it stay apart.
    let leads = |t: &Title| {
        t.heads.iter().any(|h| h == "head" || h == "director") && !t.functions.is_empty()
    };
    if (leads(a) || leads(b)) && a.field().is_some() && a.field() == b.field() {
        return TitleMatch::Compatible;
    }
    TitleMatch::Different
}

/// Returns whether two titles are surely two posts: both are understood, and they do not go together.
///
/// Of a title in a language without a table ("Finanzvorstand") nobody can say so.
pub(super) fn conflict(a: &Title, b: &Title) -> bool {
    !a.heads.is_empty() && !b.heads.is_empty() && compare(a, b) == TitleMatch::Different
}

/// One of the titles has no head that a table knows ("guida i modelli vocali" has; "conti" has not).
fn unheaded(a: &Title, b: &Title) -> TitleMatch {
    // "neurologist" and "neurologa", "broker" and "shipbroker".
    let akin = |x: &str, y: &str| {
        let n = x.chars().zip(y.chars()).take_while(|(p, q)| p == q).count();
        x.len().min(y.len()) > 3
            && (n >= 5
                || x == y
                || (x.len() > 4 && y.ends_with(x))
                || (y.len() > 4 && x.ends_with(y)))
    };
    let shares = a.rest.iter().any(|x| b.rest.iter().any(|y| akin(x, y)));
    if shares || (a.field().is_some() && a.field() == b.field()) {
        TitleMatch::Compatible
    } else {
        TitleMatch::Different
    }
}

#[cfg(test)]
mod tests {
    use super::{TitleMatch, compare, parse};
    use crate::knowledge::Knowledge;

    #[test]
    fn titles_are_composed_and_compared() {
        use TitleMatch::{Compatible, Different, Same};
        let knowledge = Knowledge::without_firms();
        for (a, b, expected) in [
            ("amministratrice delegata", "chief executive", Same),
            ("a.d.", "CEO", Same),
            ("direttore generale", "general manager", Same),
            ("direttrice finanziaria", "CFO", Same),
            ("vice president", "vicepresidente per la ricerca", Compatible),
            ("vice president of research", "vicepresidente per la ricerca", Same),
            ("vicedirettrice", "deputy director", Same),
            ("vicedirettrice", "direttrice", Different),
            ("presidente", "amministratore delegato", Different),
            ("presidente", "vicepresidente", Different),
            ("consigliera", "consigliera indipendente", Compatible),
            ("consigliera indipendente", "independent director", Same),
            ("direttore marketing", "direzione marketing", Same),
            ("runs product", "head of product", Same),
            ("head of product", "CFO", Different),
            ("chief AI officer", "chief financial officer", Different),
            ("capo", "head", Same),
        ] {
            let (x, y) = (parse(a, &knowledge), parse(b, &knowledge));
            assert_eq!(compare(&x, &y), expected, "{a} / {b}: {x:?} {y:?}");
            assert_eq!(compare(&y, &x), expected, "{b} / {a}");
        }
        for (role, title) in [
            ("vicedirettrice generale vicaria", "Deputy General Manager"),
            (
                "SVP, Growth & Partnerships, EMEA",
                "Senior Vice President, Growth, Partnerships, EMEA",
            ),
            ("chief AI officer", "Chief AI Officer"),
        ] {
            assert_eq!(parse(role, &knowledge).title, title, "{role}");
        }
    }
}
