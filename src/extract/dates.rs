//! Dates in the text, as exact as it gives them, relative ones resolved against the day of publication.

use super::doc::Doc;
use crate::lang::List;
use crate::model::PartialDate;
use crate::text::Shape;
use std::ops::Range;

/// A date in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateSpan {
    pub(crate) tokens: Range<usize>,
    pub(crate) date: PartialDate,
    /// Whether it was resolved against the day of publication.
    pub(crate) relative: bool,
}

/// A day counted from 0000-03-01, so that days can be added and subtracted.
fn day_number(date: PartialDate) -> i64 {
    let (y, m, d) = (
        i64::from(date.year),
        i64::from(date.month.unwrap_or(1)),
        i64::from(date.day.unwrap_or(1)),
    );
    let (y, m) = if m <= 2 { (y - 1, m + 9) } else { (y, m - 3) };
    365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + d - 1
}

fn date_of_day(days: i64) -> Option<PartialDate> {
    let mut year = (10_000 * days + 14_780) / 3_652_425;
    let mut rest = days - (365 * year + year / 4 - year / 100 + year / 400);
    if rest < 0 {
        year -= 1;
        rest = days - (365 * year + year / 4 - year / 100 + year / 400);
    }
    let month = (100 * rest + 52) / 3060;
    let (y, m) = (year + (month + 2) / 12, (month + 2) % 12 + 1);
    let d = rest - (month * 306 + 5) / 10 + 1;
    PartialDate::day(u16::try_from(y).ok()?, m as u8, d as u8)
}

fn add_months(date: PartialDate, months: i64) -> Option<PartialDate> {
    let total = i64::from(date.year) * 12 + i64::from(date.month?) - 1 + months;
    PartialDate::month(u16::try_from(total.div_euclid(12)).ok()?, (total.rem_euclid(12) + 1) as u8)
}

/// Returns the publication date: the article's own, else the first full date in the text's first lines.
pub(crate) fn published(doc: &Doc<'_>, given: Option<PartialDate>) -> Option<PartialDate> {
    if given.is_some() {
        return given;
    }
    let head = doc.sentences.iter().take(4).map(|s| s.tokens.clone());
    let tail = doc.sentences.iter().rev().take(2).map(|s| s.tokens.clone());
    for range in head.chain(tail) {
        for at in range.clone() {
            if let Some(found) = absolute(doc, &range, at).filter(|d| d.date.day.is_some()) {
                let alone = range.len() <= 14 || at < range.start + 8;
                if alone {
                    return Some(found.date);
                }
            }
        }
    }
    None
}

/// Returns the dates of sentence `n` in order.
pub(crate) fn dates(doc: &Doc<'_>, n: usize, published: Option<PartialDate>) -> Vec<DateSpan> {
    let range = doc.sentences[n].tokens.clone();
    let mut out = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let found = absolute(doc, &range, at)
            .or_else(|| published.and_then(|p| relative(doc, &range, at, p)));
        match found {
            Some(date) => {
                at = date.tokens.end;
                out.push(date);
            }
            None => at += 1,
        }
    }
    out
}

fn year(doc: &Doc<'_>, range: &Range<usize>, at: usize) -> Option<u16> {
    let token = range.contains(&at).then(|| &doc.tokens[at])?;
    let digits = token.lower.as_bytes();
    (digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
        .then(|| token.lower.parse().ok())
        .flatten()
        .filter(|y| (1800..2100).contains(y))
}

fn day(doc: &Doc<'_>, range: &Range<usize>, at: usize) -> Option<u8> {
    let token = range.contains(&at).then(|| &doc.tokens[at])?;
    let digits = token.lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ending = &token.lower[digits.len()..];
    matches!(ending, "" | "°" | "º" | "st" | "nd" | "rd" | "th")
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|d| (1..=31).contains(d) && digits.len() <= 2)
}

fn month(doc: &Doc<'_>, range: &Range<usize>, at: usize) -> Option<u8> {
    let token = range.contains(&at).then(|| &doc.tokens[at])?;
    // "may" and "march" are months only when capitalised.
    if matches!(
        token.lower.as_str(),
        "may" | "march" | "mar" | "set" | "dec" | "sun" | "sept" | "sep"
    ) && !token.is_capitalised()
    {
        return None;
    }
    doc.packs[doc.sentence_of[at] as usize].month(&token.lower)
}

fn span(tokens: Range<usize>, date: Option<PartialDate>) -> Option<DateSpan> {
    date.map(|date| DateSpan { tokens, date, relative: false })
}

/// Returns a date with its year at token `at`: "10 settembre 2024", "September 10, 2024", "2024-09-10", "in 2015".
fn absolute(doc: &Doc<'_>, range: &Range<usize>, at: usize) -> Option<DateSpan> {
    let word = doc.tokens[at].lower.as_str();
    // 2024-09-10, 10/09/2024, 10.09.2024
    if doc.tokens[at].shape == Shape::Number && word.len() >= 7 {
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        if let [a, b, c] = parts.as_slice()
            && let (Ok(a), Ok(b), Ok(c)) = (a.parse::<u16>(), b.parse::<u16>(), c.parse::<u16>())
        {
            let short = |y: u16| if y < 100 { 2000 + y } else { y };
            let date = match () {
                () if a > 1800 => PartialDate::day(a, b as u8, c as u8),
                () if b <= 12 && a <= 31 => PartialDate::day(short(c), b as u8, a as u8),
                () if a <= 12 => PartialDate::day(short(c), a as u8, b as u8),
                () => None,
            };
            if let Some(found) = span(at..at + 1, date) {
                return Some(found);
            }
        }
        if let [a, b] = parts.as_slice()
            && let (Ok(a), Ok(b)) = (a.parse::<u16>(), b.parse::<u8>())
            && (1800..2100).contains(&a)
        {
            return span(at..at + 1, PartialDate::month(a, b));
        }
    }
    if let Some(d) = day(doc, range, at) {
        let of = usize::from(range.contains(&(at + 1)) && doc.tokens[at + 1].lower == "of");
        if let Some(m) = month(doc, range, at + 1 + of) {
            let comma = usize::from(
                range.contains(&(at + 2 + of))
                    && matches!(doc.tokens[at + 2 + of].lower.as_str(), "," | "del" | "dell'"),
            );
            if let Some(y) = year(doc, range, at + 2 + of + comma) {
                return span(at..at + 3 + of + comma, PartialDate::day(y, m, d));
            }
        }
    }
    if let Some(m) = month(doc, range, at) {
        if let Some(d) = day(doc, range, at + 1) {
            let comma = usize::from(range.contains(&(at + 2)) && doc.tokens[at + 2].lower == ",");
            if let Some(y) = year(doc, range, at + 2 + comma) {
                return span(at..at + 3 + comma, PartialDate::day(y, m, d));
            }
        }
        let skip = usize::from(
            range.contains(&(at + 1))
                && matches!(doc.tokens[at + 1].lower.as_str(), "del" | "dell'" | "of" | ","),
        );
        if let Some(y) = year(doc, range, at + 1 + skip) {
            return span(at..at + 2 + skip, PartialDate::month(y, m));
        }
    }
    if let Some(y) = year(doc, range, at) {
        let unit = doc.lower_in(range, at as isize + 1);
        let money = doc.lower_in(range, at as isize - 1);
        if !matches!(
            unit,
            "euro"
                | "dollari"
                | "dollars"
                | "persone"
                | "people"
                | "dipendenti"
                | "employees"
                | "milioni"
                | "%"
        ) && !matches!(money, "€" | "$" | "£")
        {
            return span(at..at + 1, Some(PartialDate::year(y)));
        }
    }
    None
}

/// Returns a date that needs the day of publication: "a fine settembre", "10 September", "last month", "lunedì".
fn relative(
    doc: &Doc<'_>,
    range: &Range<usize>,
    at: usize,
    published: PartialDate,
) -> Option<DateSpan> {
    let found = |tokens: Range<usize>, date: Option<PartialDate>| {
        date.map(|date| DateSpan { tokens, date, relative: true })
    };
    for hit in doc.hits_at(at) {
        if hit.tag.list == List::RelativeDate && hit.end <= range.end {
            let pack = doc.packs[doc.sentence_of[at] as usize];
            if let Some(date) = shifted(published, pack.relative_date(hit.tag.payload)) {
                return found(hit.start..hit.end, Some(date));
            }
        }
    }
    if let Some(d) = day(doc, range, at)
        && let Some(m) = month(doc, range, at + 1)
    {
        return found(
            at..at + 2,
            nearest_year(published, m).and_then(|y| PartialDate::day(y, m, d)),
        );
    }
    if let Some(m) = month(doc, range, at) {
        if let Some(d) = day(doc, range, at + 1) {
            return found(
                at..at + 2,
                nearest_year(published, m).and_then(|y| PartialDate::day(y, m, d)),
            );
        }
        let last = matches!(doc.lower_in(range, at as isize - 1), "last" | "scorso")
            || matches!(doc.lower_in(range, at as isize + 1), "scorso" | "last");
        let next = matches!(doc.lower_in(range, at as isize - 1), "next" | "prossimo")
            || matches!(doc.lower_in(range, at as isize + 1), "prossimo" | "next");
        let this = published.month.unwrap_or(6);
        let y = match () {
            () if last => published.year - u16::from(m >= this && published.month.is_some()),
            () if next => published.year + u16::from(m < this),
            () => nearest_year(published, m)?,
        };
        return found(at..at + 1, PartialDate::month(y, m));
    }
    if doc.is(at, List::Weekday)
        && published.day.is_some()
        && doc.hits_at(at).iter().any(|h| h.tag.list == List::Weekday)
    {
        return found(at..at + 1, weekday(doc, at, published));
    }
    None
}

/// Returns the year in which month `m` is nearest to the day of publication.
fn nearest_year(published: PartialDate, m: u8) -> Option<u16> {
    let Some(this) = published.month else { return Some(published.year) };
    let (this, m) = (i32::from(this), i32::from(m));
    Some(match () {
        () if m - this > 6 => published.year - 1,
        () if this - m > 6 => published.year + 1,
        () => published.year,
    })
}

/// Returns the last day of that name up to the day of publication.
fn weekday(doc: &Doc<'_>, at: usize, published: PartialDate) -> Option<PartialDate> {
    let word = doc.tokens[at].lower.as_str();
    let names: [&[&str]; 7] = [
        &["lunedì", "monday"],
        &["martedì", "tuesday"],
        &["mercoledì", "wednesday"],
        &["giovedì", "thursday"],
        &["venerdì", "friday"],
        &["sabato", "saturday"],
        &["domenica", "sunday"],
    ];
    let wanted = names.iter().position(|n| n.contains(&word))? as i64;
    let today = day_number(published);
    // 0000-03-01 was a Wednesday in the proleptic Gregorian calendar.
    let this = (today + 2).rem_euclid(7);
    let mut back = (this - wanted).rem_euclid(7);
    let after = doc.tokens.get(at + 1).map_or("", |t| t.lower.as_str());
    let before = at.checked_sub(1).map_or("", |i| doc.tokens[i].lower.as_str());
    if matches!(after, "prossimo" | "prossima") || before == "next" {
        back = if back == 0 { -7 } else { back - 7 };
    }
    date_of_day(today - back)
}

/// Returns the date that a shift like `-1d`, `-7d`, `-1m`, `+1y`, `0y` away from `published` means.
fn shifted(published: PartialDate, shift: &str) -> Option<PartialDate> {
    let unit = shift.chars().last()?;
    let amount: i64 =
        shift[..shift.len() - unit.len_utf8()].trim_start_matches('+').parse().ok()?;
    match unit {
        'd' if published.day.is_some() => {
            let date = date_of_day(day_number(published) + amount)?;
            if amount.abs() >= 7 { PartialDate::month(date.year, date.month?) } else { Some(date) }
        }
        'd' | 'w' if published.month.is_some() => {
            PartialDate::month(published.year, published.month?)
        }
        'm' => add_months(published, amount),
        'y' => Some(PartialDate::year(u16::try_from(i64::from(published.year) + amount).ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{add_months, date_of_day, day_number};
    use crate::model::PartialDate;

    #[test]
    fn days_count_forth_and_back() {
        for text in ["2024-02-29", "2023-12-31", "2000-01-01", "1999-03-01"] {
            let date = PartialDate::parse(text).expect(text);
            assert_eq!(date_of_day(day_number(date)), Some(date));
        }
        let monday = PartialDate::parse("2026-11-16").expect("date");
        assert_eq!((day_number(monday) + 2).rem_euclid(7), 0);
        assert_eq!(
            add_months(PartialDate::parse("2024-01-15").expect("date"), -1).map(|d| d.to_string()),
            Some("2023-12".into())
        );
    }
}
