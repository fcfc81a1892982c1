//! The article as the later stages read it: tokens, sentences, and the list entries, triggers and cues found in them.

use crate::lang::{
    Class, CueClass, Form, Hit, List, Pack, Part, Scope, Sense, WordClass, pack, word_class,
};
use crate::model::{Article, Language};
use crate::text::{Sentence, Shape, Span, Token, sentences};
use std::ops::Range;

use super::gazetteer::Gazetteer;

/// An analysed article.
pub(crate) struct Doc<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Token>,
    pub(crate) sentences: Vec<Sentence>,
    /// The pack each sentence is read with: a quote in the other language is read in its own.
    pub(crate) packs: Vec<&'static Pack>,
    /// Number of the sentence of each token.
    pub(crate) sentence_of: Vec<u32>,
    /// The lists (as [`List::bit`]) with an entry that covers each token.
    pub(crate) lists: Vec<u64>,
    /// The list entries found, frames and cues left out, by first token.
    pub(crate) hits: Vec<Hit>,
    /// What may tell a move, by first token.
    pub(crate) triggers: Vec<Trigger>,
    /// What changes a status, by first token.
    pub(crate) cues: Vec<CueHit>,
    /// What each word means, roughly.
    classes: Vec<Option<WordClass>>,
    /// Number of sentences of the headline block (the first line where it ends without a full stop).
    pub(crate) title: usize,
}

/// Words that may tell a move.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// Its words.
    pub(crate) tokens: Range<usize>,
    pub(crate) frame: usize,
    pub(crate) class: Class,
    pub(crate) part: Part,
    pub(crate) sense: Sense,
    /// First word: the verb's lemma, the noun or phrase as written.
    pub(crate) lemma: String,
    pub(crate) voice: Voice,
    pub(crate) tense: VerbTense,
    pub(crate) negated: bool,
}

/// Who does what: "X names Y" is active, "Y is named" passive, "Y, named last year" bare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Active,
    Passive,
    Bare,
    None,
}

impl Voice {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Voice::Active => "active",
            Voice::Passive => "passive",
            Voice::Bare => "bare",
            Voice::None => "none",
        }
    }
}

/// When the verb says it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerbTense {
    Present,
    Past,
    Future,
    Conditional,
    Infinitive,
    Gerund,
    None,
}

impl VerbTense {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            VerbTense::Present => "present",
            VerbTense::Past => "past",
            VerbTense::Future => "future",
            VerbTense::Conditional => "conditional",
            VerbTense::Infinitive => "infinitive",
            VerbTense::Gerund => "gerund",
            VerbTense::None => "none",
        }
    }
}

/// A status cue in the text.
#[derive(Clone, Debug)]
pub(crate) struct CueHit {
    pub(crate) tokens: Range<usize>,
    pub(crate) class: CueClass,
    pub(crate) scope: Scope,
}

impl<'a> Doc<'a> {
    /// Analyses an article.
    pub(crate) fn new(article: &'a Article, gazetteer: &Gazetteer) -> Doc<'a> {
        let main = pack(article.language);
        let other = pack(match article.language {
            Language::Italian => Language::English,
            Language::English => Language::Italian,
        });
        let tokens = main.tokenize(&article.text);
        let sentences = sentences(&article.text, &tokens);
        let packs: Vec<&'static Pack> = sentences
            .iter()
            .map(|s| if speaks(&tokens[s.tokens.clone()], other, main) { other } else { main })
            .collect();
        let mut sentence_of = vec![0; tokens.len()];
        for (n, s) in sentences.iter().enumerate() {
            sentence_of[s.tokens.clone()].fill(n as u32);
        }
        let title = sentences.iter().take_while(|s| s.paragraph == 0 && s.is_line).count().min(2);
        let mut doc = Doc {
            text: &article.text,
            lists: vec![0; tokens.len()],
            classes: tokens.iter().map(|t| word_class(&t.lower)).collect(),
            tokens,
            sentences,
            packs,
            sentence_of,
            hits: Vec::new(),
            triggers: Vec::new(),
            cues: Vec::new(),
            title,
        };
        for n in 0..doc.sentences.len() {
            doc.read_sentence(n, gazetteer);
        }
        doc
    }

    /// Returns the branch of the class of the word at token `i`; `None` where the word has none.
    pub(crate) fn class(&self, i: usize, bits: u32) -> Option<u16> {
        self.classes[i].map(|class| class.branch(bits))
    }

    /// Whether the words are Italian or English: half of those in lower case at least stand in the table of words. Of 2,800 articles
    /// none has fewer than nine in ten there; a text with hardly any lower case is taken at its word.
    pub(crate) fn is_language(&self) -> bool {
        const ENOUGH: usize = 10;
        let lower = |i: &usize| self.tokens[*i].shape == Shape::Lower;
        let words: Vec<usize> = (0..self.tokens.len()).filter(lower).collect();
        let known = words.iter().filter(|i| self.classes[**i].is_some()).count();
        words.len() < ENOUGH || 2 * known >= words.len()
    }

    /// Returns the number of a trigger of this article.
    pub(crate) fn number_of(&self, trigger: &Trigger) -> usize {
        let first = self.triggers.partition_point(|t| t.tokens.start < trigger.tokens.start);
        let same = self.triggers[first..].iter().position(|t| std::ptr::eq(t, trigger));
        first + same.unwrap_or(0)
    }

    /// Finds list entries, triggers and cues of one sentence.
    fn read_sentence(&mut self, n: usize, gazetteer: &Gazetteer) {
        let pack = self.packs[n];
        let range = self.sentences[n].tokens.clone();
        let mut frame_hits: Vec<(Hit, String, Form)> = Vec::new();
        for at in range.clone() {
            if !self.tokens[at].is_word() {
                continue;
            }
            let mut best_frame: Option<(Hit, String, Form)> = None;
            let mut longest = |hit: Hit, lemma: &str, form: Form| {
                let better = best_frame.as_ref().is_none_or(|(b, ..)| {
                    let rank = |h: &Hit| (usize::MAX - h.end, h.gaps, pack.frame(h.tag).0.sense);
                    rank(&hit) < rank(b)
                });
                if better {
                    best_frame = Some((hit, lemma.to_owned(), form));
                }
            };
            let (hits, lists, cues) = (&mut self.hits, &mut self.lists, &mut self.cues);
            let mut keep = |hit: Hit| match hit.tag.list {
                List::Cue => {
                    let cue = &pack.cues[hit.tag.payload as usize];
                    cues.push(CueHit {
                        tokens: hit.start..hit.end,
                        class: cue.class,
                        scope: cue.scope,
                    });
                }
                list => {
                    for token in &mut lists[hit.start..hit.end] {
                        *token |= list.bit();
                    }
                    if !matches!(
                        list,
                        List::FunctionWord | List::SentenceStarter | List::CommonWord
                    ) {
                        hits.push(hit);
                    }
                }
            };
            let tokens = &self.tokens;
            pack.phrases.at(tokens, at, range.end, &mut |hit| match hit.tag.list {
                List::Frame => longest(hit, &tokens[at].lower, Form::default()),
                List::RoleAcronym
                    if tokens[at].shape == Shape::Lower
                        && tokens[at].lower.len() <= 3
                        && !tokens[at].lower.contains('.')
                        && !is_lower_acronym(&tokens[at].lower) => {}
                _ => keep(hit),
            });
            gazetteer.at(tokens, at, range.end, &mut |hit| {
                if tokens[at].is_capitalised() {
                    keep(hit);
                }
            });
            pack.verbs_at(tokens, at, range.end, &mut |hit, reading| match hit.tag.list {
                List::Frame => longest(hit, pack.lemma(reading), reading.form),
                _ => keep(hit),
            });
            frame_hits.extend(best_frame);
        }
        // A longer trigger swallows those that begin inside it.
        let mut covered = 0;
        for (hit, lemma, form) in frame_hits {
            if hit.end <= covered {
                continue;
            }
            covered = covered.max(hit.end);
            let (frame, part) = pack.frame(hit.tag);
            let (class, sense, number) = (frame.class, frame.sense, hit.tag.payload as usize / 4);
            let (voice, tense) = if part == Part::Verb {
                self.verb_group(n, hit.start, form)
            } else {
                (Voice::None, VerbTense::None)
            };
            let negated = self.negated(n, hit.start);
            self.triggers.push(Trigger {
                tokens: hit.start..hit.end,
                frame: number,
                class,
                part,
                sense,
                lemma,
                voice,
                tense,
                negated,
            });
        }
    }

    /// Returns voice and tense of the verb at `at`, from its form and the auxiliaries before it.
    fn verb_group(&self, n: usize, at: usize, form: Form) -> (Voice, VerbTense) {
        let start = self.sentences[n].tokens.start;
        let before: Vec<&str> = self.tokens[start.max(at.saturating_sub(5))..at]
            .iter()
            .rev()
            .map(|t| t.lower.as_str())
            .collect();
        let italian = self.packs[n].language == Language::Italian;
        let mut auxiliary = None;
        for (distance, word) in before.iter().enumerate() {
            let kind = if italian { italian_auxiliary(word) } else { english_auxiliary(word) };
            if let Some(kind) = kind {
                auxiliary = Some((kind, distance));
                break;
            }
            if matches!(*word, "," | ";" | "." | ":" | "che" | "that" | "who" | "and" | "e") {
                break;
            }
        }
        let past_marker =
            |word: &&str| matches!(*word, "stato" | "stata" | "stati" | "state" | "been" | "being");
        match auxiliary {
            Some((Auxiliary::Future, _)) => {
                let passive = before.iter().any(|w| *w == "be" || *w == "been" || *w == "essere")
                    && form.has(Form::PARTICIPLE);
                (
                    if passive || (italian && form.has(Form::PARTICIPLE)) {
                        Voice::Passive
                    } else {
                        Voice::Active
                    },
                    VerbTense::Future,
                )
            }
            Some((Auxiliary::Conditional, _)) => (
                if form.has(Form::PARTICIPLE)
                    && before
                        .iter()
                        .any(|w| *w == "be" || past_marker(w) || *w == "sarebbe" || *w == "essere")
                {
                    Voice::Passive
                } else {
                    Voice::Active
                },
                VerbTense::Conditional,
            ),
            Some((Auxiliary::Be, _))
                if form.has(Form::PARTICIPLE) && !form.has(Form::REFLEXIVE) =>
            {
                let present =
                    before.iter().any(|w| matches!(*w, "is" | "are" | "viene" | "vengono"))
                        && !before.iter().any(past_marker);
                (Voice::Passive, if present { VerbTense::Present } else { VerbTense::Past })
            }
            Some((Auxiliary::Be, _)) if form.has(Form::GERUND) => {
                (Voice::Active, VerbTense::Present)
            }
            Some((Auxiliary::Have, _)) if form.has(Form::PARTICIPLE) => (
                if before.iter().any(past_marker) { Voice::Passive } else { Voice::Active },
                VerbTense::Past,
            ),
            Some((Auxiliary::To, 0)) if !italian => (Voice::Active, VerbTense::Infinitive),
            Some((Auxiliary::ToBe, _)) if form.has(Form::PARTICIPLE) => {
                (Voice::Passive, VerbTense::Infinitive)
            }
            _ => self.bare_form(n, at, form, italian),
        }
    }

    /// Returns voice and tense of a verb without auxiliary.
    fn bare_form(&self, n: usize, at: usize, form: Form, italian: bool) -> (Voice, VerbTense) {
        let start = self.sentences[n].tokens.start;
        match () {
            () if form.has(Form::FUTURE) => (Voice::Active, VerbTense::Future),
            () if form.has(Form::CONDITIONAL) => (Voice::Active, VerbTense::Conditional),
            () if form.has(Form::PAST) && form.has(Form::PARTICIPLE) && !italian => {
                // "John Smith, appointed in May, …" against "Acme appointed John Smith".
                let comma = at > start
                    && matches!(
                        self.tokens[at - 1].lower.as_str(),
                        "," | "(" | "newly" | "recently" | "just" | "–" | "—"
                    );
                (if comma || at == start { Voice::Bare } else { Voice::Active }, VerbTense::Past)
            }
            () if form.has(Form::PRESENT) || form.has(Form::SUBJUNCTIVE) => {
                (Voice::Active, VerbTense::Present)
            }
            () if form.has(Form::PAST) || form.has(Form::IMPERFECT) => {
                (Voice::Active, VerbTense::Past)
            }
            () if form.has(Form::PARTICIPLE) => (Voice::Bare, VerbTense::Past),
            () if form.has(Form::GERUND) => (Voice::Active, VerbTense::Gerund),
            () => (Voice::Active, VerbTense::Infinitive),
        }
    }

    fn negated(&self, n: usize, at: usize) -> bool {
        let start = self.sentences[n].tokens.start;
        let from = start.max(at.saturating_sub(4));
        self.tokens[from..at].iter().any(|t| {
            matches!(
                t.lower.as_str(),
                "non"
                    | "not"
                    | "never"
                    | "né"
                    | "didn't"
                    | "won't"
                    | "hasn't"
                    | "doesn't"
                    | "wasn't"
                    | "isn't"
                    | "nor"
                    | "senza"
                    | "without"
                    | "nessuna"
                    | "nessun"
                    | "no"
            )
        })
    }

    /// Returns the words of a run of tokens as the article writes them.
    pub(crate) fn words(&self, range: &Range<usize>) -> &'a str {
        self.span(range).of(self.text)
    }

    /// Returns the bytes that a run of tokens covers.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        if range.is_empty() {
            return Span::default();
        }
        Span::new(self.tokens[range.start].span.start, self.tokens[range.end - 1].span.end)
    }

    /// Returns the sentence of a token.
    pub(crate) fn sentence(&self, token: usize) -> &Sentence {
        &self.sentences[self.sentence_of[token] as usize]
    }

    /// Returns whether a list has an entry over the token.
    pub(crate) fn is(&self, token: usize, list: List) -> bool {
        self.lists.get(token).is_some_and(|lists| lists & list.bit() != 0)
    }

    /// Returns the lower-case word at `at`, or `""` outside the sentence `range`.
    pub(crate) fn lower_in(&self, range: &Range<usize>, at: isize) -> &str {
        usize::try_from(at)
            .ok()
            .filter(|i| range.contains(i))
            .map_or("", |i| self.tokens[i].lower.as_str())
    }

    /// Returns the list entries that begin at token `at`.
    pub(crate) fn hits_at(&self, at: usize) -> &[Hit] {
        let start = self.hits.partition_point(|h| h.start < at);
        let end = self.hits.partition_point(|h| h.start <= at);
        &self.hits[start..end]
    }
}

/// Lower-case spellings of role acronyms that newspapers use ("l'ad di Eni", "il dg").
fn is_lower_acronym(word: &str) -> bool {
    matches!(word, "ad" | "dg" | "ceo" | "cfo" | "coo" | "cto" | "cio" | "cmo")
}

/// Returns whether a passage of at least eight words is plainly in `other` and not in `main`.
fn speaks(tokens: &[Token], other: &Pack, main: &Pack) -> bool {
    if tokens.len() < 8 {
        return false;
    }
    let count = |pack: &Pack| {
        tokens.iter().filter(|t| pack.phrases.has_word(&t.lower, List::FunctionWord)).count()
    };
    let (theirs, ours) = (count(other), count(main));
    theirs >= 3 && theirs > 2 * ours
}

enum Auxiliary {
    Be,
    Have,
    Future,
    Conditional,
    To,
    ToBe,
}

fn italian_auxiliary(word: &str) -> Option<Auxiliary> {
    Some(match word {
        "è" | "sono" | "fu" | "furono" | "era" | "erano" | "viene" | "vengono" | "venne"
        | "vennero" | "veniva" | "stato" | "stata" | "stati" | "state" | "venuto" | "venuta" => {
            Auxiliary::Be
        }
        "ha" | "hanno" | "aveva" | "avevano" | "ebbe" | "avendo" | "aver" | "avere" | "abbia"
        | "abbiano" | "ho" | "abbiamo" => Auxiliary::Have,
        "sarà" | "saranno" | "verrà" | "verranno" | "avrà" | "avranno" => Auxiliary::Future,
        "sarebbe" | "sarebbero" | "avrebbe" | "avrebbero" | "potrebbe" | "potrebbero"
        | "dovrebbe" | "dovrebbero" | "verrebbe" | "vorrebbe" => Auxiliary::Conditional,
        "essere" | "esser" | "venire" => Auxiliary::ToBe,
        _ => return None,
    })
}

fn english_auxiliary(word: &str) -> Option<Auxiliary> {
    Some(match word {
        "is" | "are" | "was" | "were" | "been" | "being" | "be" | "gets" | "got" => {
            if word == "be" { Auxiliary::ToBe } else { Auxiliary::Be }
        }
        "has" | "have" | "had" | "having" | "'ve" | "'s" => Auxiliary::Have,
        "will" | "shall" | "'ll" | "won't" => Auxiliary::Future,
        "would" | "could" | "may" | "might" | "should" => Auxiliary::Conditional,
        "to" => Auxiliary::To,
        _ => return None,
    })
}
