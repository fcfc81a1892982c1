use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A date as exact as the article gives it: a year, a month or a day, perhaps approximate.
///
/// Written as EDTF level 1: `2024`, `2024-09`, `2024-09-10`, `2024~`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month; only where `month` is known.
    pub day: Option<u8>,
    /// Whether the text says "about".
    pub approximate: bool,
}

impl PartialDate {
    /// Returns a year.
    pub fn year(year: u16) -> Self {
        PartialDate { year, month: None, day: None, approximate: false }
    }

    /// Returns a month, or `None` where there is no such month.
    pub fn month(year: u16, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(PartialDate {
            year,
            month: Some(month),
            day: None,
            approximate: false,
        })
    }

    /// Returns a day, or `None` where the calendar has no such day.
    pub fn day(year: u16, month: u8, day: u8) -> Option<Self> {
        ((1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month))
            .then_some(PartialDate { year, month: Some(month), day: Some(day), approximate: false })
    }

    /// Returns the date of an EDTF text (`2024`, `2024-09`, `2024-09-10`, each with an optional `~`), or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (plain, approximate) = match text.strip_suffix('~') {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let parts: Vec<&str> = plain.split('-').collect();
        let digits = |s: &str, n: usize| {
            (s.len() == n && s.bytes().all(|b| b.is_ascii_digit()))
                .then(|| s.parse::<u16>().ok())
                .flatten()
        };
        let year = digits(parts.first()?, 4).filter(|y| *y > 0)?;
        let date = match parts.as_slice() {
            [_] => Some(PartialDate::year(year)),
            [_, m] => PartialDate::month(year, digits(m, 2)? as u8),
            [_, m, d] => PartialDate::day(year, digits(m, 2)? as u8, digits(d, 2)? as u8),
            _ => None,
        }?;
        Some(PartialDate { approximate, ..date })
    }

    /// Returns the first day it can mean, as `YYYY-MM-DD`.
    pub fn min_day(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Returns the last day it can mean, as `YYYY-MM-DD`.
    pub fn max_day(self) -> String {
        let month = self.month.unwrap_or(12);
        format!(
            "{:04}-{:02}-{:02}",
            self.year,
            month,
            self.day.unwrap_or(days_in_month(self.year, month))
        )
    }

    /// Returns whether one of the two can be the other, told more exactly.
    pub fn agrees_with(self, other: PartialDate) -> bool {
        self.min_day() <= other.max_day() && other.min_day() <= self.max_day()
    }
}

/// Returns how many days a month has in the Gregorian calendar.
pub fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        if self.approximate { f.write_str("~") } else { Ok(()) }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PartialDate::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "'{text}' is no date; expected YYYY, YYYY-MM or YYYY-MM-DD, perhaps with '~'"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PartialDate;

    #[test]
    fn a_date_is_as_exact_as_written() {
        for text in ["2024", "2024-02", "2024-02-29", "2024~", "2023-12-31~"] {
            assert_eq!(PartialDate::parse(text).expect(text).to_string(), text);
        }
        for text in ["", "24", "2024-13", "2023-02-29", "2024-2-1", "2024-01-01-01", "0000"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
        assert_eq!(
            PartialDate::parse("2024-02").map(|d| d.max_day()),
            Some("2024-02-29".to_owned())
        );
    }
}
