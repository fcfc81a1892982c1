use crate::model::{PartialDate, days_in_month};

/// Returns a number of days that grows by one each day: enough to measure distances.
pub(super) fn day_number(year: u16, month: u8, day: u8) -> i32 {
    // Days from civil (Howard Hinnant), counted from 0000-03-01.
    let (y, m) = if month <= 2 {
        (i32::from(year) - 1, i32::from(month) + 9)
    } else {
        (i32::from(year), i32::from(month) - 3)
    };
    y * 365 + y.div_euclid(4) - y.div_euclid(100)
        + y.div_euclid(400)
        + (153 * m + 2) / 5
        + i32::from(day)
}

/// Returns the first and last day that a date can mean.
pub(super) fn range(date: PartialDate) -> (i32, i32) {
    let (first, last) = (date.month.unwrap_or(1), date.month.unwrap_or(12));
    (
        day_number(date.year, first, date.day.unwrap_or(1)),
        day_number(date.year, last, date.day.unwrap_or(days_in_month(date.year, last))),
    )
}

/// Returns how many days lie between two dates; 0 where they can mean one day.
pub(super) fn gap(a: PartialDate, b: PartialDate) -> i32 {
    let ((a0, a1), (b0, b1)) = (range(a), range(b));
    (a0 - b1).max(b0 - a1).max(0)
}

/// Returns how exactly a date is known: 1 a year, 2 a month, 3 a day.
pub(super) fn precision(date: PartialDate) -> u8 {
    1 + u8::from(date.month.is_some()) + u8::from(date.day.is_some())
}

/// Returns the date that most sources tell, as exactly as one of them does; each source counts with its weight.
///
/// Dates that can mean one day support each other. Between equally supported ones the more exact wins, then the
/// earlier.
pub(super) fn best(dates: &[(PartialDate, f64)]) -> Option<PartialDate> {
    let mut options: Vec<PartialDate> = dates.iter().map(|(date, _)| *date).collect();
    options.sort_unstable();
    options.dedup();
    let support = |date: PartialDate| -> f64 {
        dates.iter().filter(|(d, _)| d.agrees_with(date)).map(|(_, weight)| weight).sum()
    };
    // Vague dates agree with everything: what counts is the support of the exact ones among them.
    let mut best: Option<(f64, u8, PartialDate)> = None;
    for date in options {
        let mine = support(date) + 0.4 * f64::from(precision(date));
        let candidate = (mine, precision(date), date);
        let better = match &best {
            None => true,
            Some(old) => {
                candidate.0 > old.0 + 1e-9
                    || ((candidate.0 - old.0).abs() <= 1e-9 && candidate.1 > old.1)
            }
        };
        if better {
            best = Some(candidate);
        }
    }
    best.map(|(_, _, date)| date)
}

#[cfg(test)]
mod tests {
    use super::{best, day_number, gap};
    use crate::model::PartialDate;

    #[test]
    fn the_best_date_is_the_most_told_and_most_exact() {
        let date = |s: &str| PartialDate::parse(s).unwrap();
        for (dates, expected) in [
            (vec!["2023-10-02", "2023"], "2023-10-02"),
            (vec!["2024-07-01", "2024-07-01", "2024-06", "2024-07"], "2024-07-01"),
            (vec!["2023-04-27", "2023-05-03", "2023-04-27"], "2023-04-27"),
            (vec!["2024", "2024-05"], "2024-05"),
        ] {
            let list: Vec<_> = dates.iter().map(|d| (date(d), 1.0)).collect();
            assert_eq!(best(&list), Some(date(expected)), "{dates:?}");
        }
        assert_eq!(gap(date("2024-01"), date("2024-02-01")), 1);
        assert_eq!(gap(date("2024"), date("2024-02-01")), 0);
        assert_eq!(day_number(2024, 3, 1) - day_number(2024, 2, 28), 2);
    }
}
