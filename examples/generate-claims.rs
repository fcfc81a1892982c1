//! Writes made-up claims as JSON Lines, for measuring resolution at any size: `generate-claims CLAIMS [SEED]`.
//!
//! With `--measure` nothing is written: the claims are resolved in this process, and time, peak memory and what came
//! out are printed. Names are as frequent as real ones (a few surnames are borne by thousands, most by one or two),
//! there is one person for every five claims, two to four claims an article, and names, titles and firms are told in
//! several forms.

use std::io::{BufWriter, Write};
use std::time::Instant;
use valzer::extract::json;
use valzer::knowledge::Knowledge;
use valzer::model::{
    Article, ArticleClaims, Evidence, Kind, Language, Mention, MentionType, MoveClaim, PartialDate,
    PositionClaim, SlotName, Status, Tense,
};
use valzer::resolve::{ClaimSet, resolve_set};
use valzer::text::Span;

const GIVEN: &[&str] = &[
    "Marco",
    "Giulia",
    "Andrea",
    "Francesca",
    "Luca",
    "Sara",
    "Paolo",
    "Elena",
    "Matteo",
    "Chiara",
    "John",
    "Mary",
    "James",
    "Patricia",
    "Robert",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "Giuseppe",
    "Anna",
    "Antonio",
    "Maria",
    "Stefano",
    "Laura",
    "Roberto",
    "Silvia",
    "Alessandro",
    "Paola",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Thomas",
    "Jessica",
    "Karl",
    "Ingrid",
    "Pierre",
    "Claire",
    "Juan",
    "Carmen",
    "Wei",
    "Ling",
    "Raj",
    "Priya",
    "Sergei",
    "Olga",
    "Ahmed",
    "Fatima",
    "Hiroshi",
    "Yuki",
    "Lars",
    "Astrid",
    "Nicola",
    "Bruno",
    "Dario",
    "Livia",
    "Tobias",
    "Emma",
    "Oscar",
    "Nora",
    "Hugo",
    "Vera",
    "Simon",
    "Ruth",
    "Felix",
    "Ada",
];
const COMMON: &[&str] = &[
    "Rossi", "Smith", "Russo", "Johnson", "Ferrari", "Brown", "Esposito", "Jones", "Bianchi",
    "Miller", "Romano", "Davis", "Colombo", "Wilson", "Ricci", "Moore", "Marino", "Taylor",
    "Greco", "Martin", "Bruno", "Lee", "Gallo", "Wang", "Conti", "Li", "Costa", "Zhang", "Mancini",
    "Müller", "Rizzo", "Schmidt", "Moretti", "Garcia",
];
const SYLLABLES: &[&str] = &[
    "bar", "ten", "lo", "vi", "mar", "co", "ner", "sti", "pel", "gra", "do", "fer", "zan", "ri",
    "tol", "ma", "cas", "bel", "tri", "no", "gor", "lan", "du", "ve", "san", "mo", "rel", "pin",
    "ca", "sto", "bru", "nel", "fa", "gi",
];
const TITLES: &[&str] = &[
    "CEO",
    "amministratore delegato",
    "chief financial officer",
    "direttore finanziario",
    "head of sales",
    "chief technology officer",
    "direttore marketing",
    "vice president of research",
    "presidente",
    "general manager",
    "responsabile risorse umane",
    "chief scientist",
    "partner",
    "consigliere",
    "editor in chief",
];
const FORMS: &[&str] = &["S.p.A.", "Inc.", "Ltd", "GmbH", "S.r.l.", "plc"];

/// A small generator (SplitMix64): the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Small numbers far more often than large ones, as names are.
    fn skewed(&mut self, n: usize) -> usize {
        let x = self.below(1_000_000) as f64 / 1_000_000.0;
        ((n as f64 + 1.0).powf(x) - 1.0) as usize
    }
}

fn word(dice: &mut Dice, n: usize) -> String {
    let text: String = (0..n).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect();
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

struct Person {
    given: &'static str,
    surname: String,
    /// (firm, title, year and month it began)
    career: Vec<(usize, usize, u16, u8)>,
}

struct World {
    people: Vec<Person>,
    firms: Vec<String>,
}

fn world(dice: &mut Dice, n_people: usize) -> World {
    let firms: Vec<String> = (0..(n_people / 8).max(20))
        .map(|i| {
            if i % 3 == 0 { format!("{} {}", word(dice, 2), word(dice, 2)) } else { word(dice, 3) }
        })
        .collect();
    let people = (0..n_people)
        .map(|_| {
            let surname = if dice.below(3) == 0 {
                COMMON[dice.skewed(COMMON.len()).min(COMMON.len() - 1)].to_owned()
            } else {
                let n = 2 + dice.below(2);
                word(dice, n)
            };
            let mut year = 2005 + dice.below(15) as u16;
            let career = (0..2 + dice.below(3))
                .map(|_| {
                    year += 1 + dice.below(3) as u16;
                    let firm = dice.skewed(firms.len()).min(firms.len() - 1);
                    (firm, dice.below(TITLES.len()), year, 1 + dice.below(12) as u8)
                })
                .collect();
            Person { given: GIVEN[dice.skewed(GIVEN.len()).min(GIVEN.len() - 1)], surname, career }
        })
        .collect();
    World { people, firms }
}

struct Text {
    text: String,
    mentions: Vec<Mention>,
}

impl Text {
    fn put(&mut self, words: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(words);
        Span::new(start, self.text.len())
    }

    fn name(&mut self, words: &str, mention_type: MentionType, entity: &str) -> Span {
        let span = self.put(words);
        self.mentions.push(Mention { span, mention_type, entity: entity.to_owned() });
        span
    }
}

fn article(
    dice: &mut Dice,
    world: &World,
    number: usize,
    next_person: &mut usize,
) -> ArticleClaims {
    let mut text = Text { text: format!("News {number}. "), mentions: Vec::new() };
    let (mut moves, mut positions) = (Vec::new(), Vec::new());
    let mut published = PartialDate::year(2024);
    for k in 0..1 + dice.below(2) {
        // Everybody is named at least once; the famous more often.
        let who = if k == 0 {
            *next_person = (*next_person + 1) % world.people.len();
            *next_person
        } else {
            dice.skewed(world.people.len()).min(world.people.len() - 1)
        };
        let person = &world.people[who];
        let name = match dice.below(20) {
            0 => format!("{} {}", person.surname, person.given),
            1 => format!("{} {}. {}", person.given, 'M', person.surname),
            2 => person.surname.replacen('r', "rr", 1),
            _ => format!("{} {}", person.given, person.surname),
        };
        let name = if name.contains(' ') { name } else { format!("{} {name}", person.given) };
        let step = dice.below(person.career.len() - 1);
        let (from, old_title, _, _) = person.career[step];
        let (to, title, year, month) = person.career[step + 1];
        let firm_name = |dice: &mut Dice, firm: usize| match dice.below(6) {
            0 => format!("{} {}", world.firms[firm], FORMS[firm % FORMS.len()]),
            _ => world.firms[firm].clone(),
        };
        let (from_firm, to_firm) = (firm_name(dice, from), firm_name(dice, to));
        let mut evidence = Vec::new();
        let mut note = |slot, span: Span, text: &Text| {
            evidence.push(Evidence { slot, span, quote: span.of(&text.text).to_owned() });
        };
        let span = text.name(&name, MentionType::Person, &name);
        note(SlotName::Person, span, &text);
        text.put(" leaves ");
        let span = text.name(&from_firm, MentionType::Firm, &from_firm);
        note(SlotName::FromFirm, span, &text);
        text.put(" and joins ");
        let span = text.name(&to_firm, MentionType::Firm, &to_firm);
        note(SlotName::ToFirm, span, &text);
        text.put(" as ");
        let span = text.put(TITLES[title]);
        note(SlotName::ToRole, span, &text);
        text.put(". ");
        for _ in 0..8 {
            let n = 1 + dice.below(3);
            let filler = word(dice, n).to_lowercase();
            text.put(&filler);
            text.put(" ");
        }
        published = PartialDate::day(year, month, 1 + dice.below(28) as u8).unwrap_or(published);
        let status = [Status::Completed, Status::Announced, Status::Rumoured]
            [dice.below(5).saturating_sub(2)];
        moves.push(MoveClaim {
            person: name.clone(),
            kind: Kind::Hire,
            status,
            manner: None,
            from_firm: (dice.below(4) > 0).then_some(from_firm.clone()),
            from_role: (dice.below(2) == 0).then(|| TITLES[old_title].to_owned()),
            to_firm: Some(to_firm.clone()),
            to_role: Some(TITLES[title].to_owned()),
            to_note: None,
            date: (dice.below(2) == 0).then_some(published),
            evidence: evidence.clone(),
            rule: "made-up/join".to_owned(),
            confidence: 0.5 + dice.below(50) as f64 / 100.0,
        });
        for (firm, role, tense) in
            [(&to_firm, title, Tense::Current), (&from_firm, old_title, Tense::Former)]
        {
            if dice.below(3) > 0 {
                positions.push(PositionClaim {
                    person: name.clone(),
                    firm: Some(firm.clone()),
                    role: Some(TITLES[role].to_owned()),
                    tense,
                    started_on: None,
                    ended_on: None,
                    evidence: evidence[..2].to_vec(),
                    rule: "made-up/post".to_owned(),
                    confidence: 0.8,
                });
            }
        }
    }
    ArticleClaims {
        article: Article::from_text(
            &format!("n{number}"),
            &text.text,
            Language::English,
            Some(published),
        ),
        moves,
        positions,
        mentions: text.mentions,
        notes: Vec::new(),
    }
}

/// Returns the process's peak memory in MiB, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let measure = arguments.iter().any(|a| a == "--measure");
    arguments.retain(|a| a != "--measure");
    let number = |i: usize, default: u64| arguments.get(i).map_or(Ok(default), |a| a.parse());
    let n_claims = number(0, 10_000)? as usize;
    let mut dice = Dice(number(1, 1)?);
    let world = world(&mut dice, (n_claims / 5).max(1));
    let (mut made, mut articles, mut person) = (0, 0, 0);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut set = ClaimSet::new();
    let start = Instant::now();
    while made < n_claims {
        let claims = article(&mut dice, &world, articles, &mut person);
        made += claims.moves.len() + claims.positions.len();
        articles += 1;
        if measure {
            set.add(&claims);
        } else {
            serde_json::to_writer(&mut out, &json::to_record(&claims))?;
            out.write_all(b"\n")?;
        }
    }
    if measure {
        let fed = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let before = peak_memory().unwrap_or(0);
        let dataset = resolve_set(set, &Knowledge::default(), &[]);
        writeln!(
            out,
            "{made} claims, {articles} articles, {} people made: fed in {fed:.1} s ({before} MiB), resolved in {:.1} s, \
             peak {} MiB; {} people, {} firms, {} moves, {} positions, {} copies, {} notes",
            world.people.len(),
            start.elapsed().as_secs_f64(),
            peak_memory().unwrap_or(0),
            dataset.people.len(),
            dataset.firms.len(),
            dataset.moves.len(),
            dataset.positions.len(),
            dataset.duplicates.len(),
            dataset.notes.len()
        )?;
        for note in dataset.notes.iter().take(5) {
            writeln!(out, "  {note}")?;
        }
    }
    out.flush()?;
    Ok(())
}
