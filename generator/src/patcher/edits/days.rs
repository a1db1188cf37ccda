//! The days of the week of a schedule.

const NAMES: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Which days; Sunday is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days([bool; 7]);

impl Days {
    /// The days that words name: "weekdays", "Mondays".
    pub(super) fn said(words: &[&str]) -> Option<Self> {
        let mut days = Self([false; 7]);
        for word in words {
            match word.trim_end_matches('s') {
                "weekday" | "workday" => (1..6).for_each(|day| days.set(day)),
                "weekend" => [0, 6].into_iter().for_each(|day| days.set(day)),
                "daily" => (0..7).for_each(|day| days.set(day)),
                name => NAMES.iter().position(|day| *day == name).into_iter().for_each(|day| days.set(day)),
            }
        }
        days.0.contains(&true).then_some(days)
    }

    /// The days of the last field of a cron expression.
    pub(super) fn of_field(field: &str) -> Option<Self> {
        let mut days = Self([false; 7]);
        for part in field.split(',') {
            let (range, step) = part.split_once('/').unwrap_or((part, "1"));
            let step = step.parse::<usize>().ok().filter(|step| *step > 0)?;
            let (first, last) = match range.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None if range == "*" => (0, 6),
                None => (number(range)?, number(range)?),
            };
            (first..=last).step_by(step).for_each(|day| days.set(day % 7));
        }
        Some(days)
    }

    /// `None` where no day is left.
    pub(super) fn without(self, others: Self) -> Option<Self> {
        let left = Self(std::array::from_fn(|day| self.has(day) && !others.has(day)));
        left.0.contains(&true).then_some(left)
    }

    pub(super) fn field(self) -> String {
        let days: Vec<usize> = (0..7).filter(|day| self.has(*day)).collect();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return "*".to_owned() };
        match days.len() {
            7 => "*".to_owned(),
            count if count > 2 && last - first + 1 == count => format!("{first}-{last}"),
            _ => days.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        }
    }

    fn has(self, day: usize) -> bool {
        self.0.get(day) == Some(&true)
    }

    fn set(&mut self, day: usize) {
        if let Some(slot) = self.0.get_mut(day) {
            *slot = true;
        }
    }
}

fn number(text: &str) -> Option<usize> {
    let lower = text.to_lowercase();
    let named = (lower.len() == 3).then(|| NAMES.iter().position(|day| day.starts_with(&lower))).flatten();
    text.parse().ok().filter(|day| *day < 8).or(named)
}
