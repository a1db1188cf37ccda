//! What a rhythm is.

use super::days::Days;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minutes(u32),
    Hours(u32),
    Days(u32),
    Weeks(u32),
    Months(u32),
}

/// A part of the day: the hour that it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "morning" | "mornings" => Some(Self::Morning),
            "noon" | "noons" | "lunchtime" => Some(Self::Noon),
            "afternoon" | "afternoons" => Some(Self::Afternoon),
            "evening" | "evenings" => Some(Self::Evening),
            "night" | "nights" | "overnight" => Some(Self::Night),
            _ => None,
        }
    }

    pub(super) fn hour(self) -> u8 {
        match self {
            Self::Morning => 8,
            Self::Noon => 12,
            Self::Afternoon => 15,
            Self::Evening => 18,
            Self::Night => 22,
        }
    }

    /// "every evening at 8" is 20:00.
    pub(super) fn place(self, hour: u8) -> u8 {
        match self {
            Self::Afternoon | Self::Evening if hour < 12 => hour + 12,
            Self::Night if (6..12).contains(&hour) => hour + 12,
            Self::Night if hour == 12 => 0,
            _ => hour,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rhythm {
    pub(super) unit: Unit,
    pub(super) days: Option<Days>,
    /// Days of the month; 0 is the last one.
    pub(super) dates: Vec<u8>,
    /// Months of the year.
    pub(super) months: Vec<u8>,
    /// The hours when none is said.
    pub(super) hours: Vec<u8>,
    pub(super) part: Option<Part>,
    /// What cron cannot say: the rhythm, and what is done instead.
    pub(super) note: Option<String>,
    /// A cron expression that the person wrote.
    pub(super) literal: Option<String>,
}

impl Rhythm {
    pub(super) fn new(unit: Unit) -> Self {
        Self {
            unit,
            days: None,
            dates: Vec::new(),
            months: Vec::new(),
            hours: vec![9],
            part: None,
            note: None,
            literal: None,
        }
    }

    pub(super) fn on(days: Days) -> Self {
        Self { days: Some(days), ..Self::new(Unit::Days(1)) }
    }

    pub(super) fn at(part: Part) -> Self {
        Self { part: Some(part), hours: vec![part.hour()], ..Self::new(Unit::Days(1)) }
    }

    pub(super) fn note(mut self, note: Option<String>) -> Self {
        self.note = note.or(self.note);
        self
    }

    /// Several times within a day.
    pub(super) fn is_fine(&self) -> bool {
        matches!(self.unit, Unit::Minutes(_) | Unit::Hours(_))
    }
}

/// "every", "each" and a unit of time.
pub(super) fn unit(word: &str) -> Option<Rhythm> {
    if let Some(part) = Part::of(word) {
        return Some(Rhythm::at(part));
    }
    let unit = match word {
        "minute" | "minutes" | "min" => Unit::Minutes(1),
        "hour" | "hours" => Unit::Hours(1),
        "day" | "days" => Unit::Days(1),
        "week" | "weeks" => Unit::Weeks(1),
        "fortnight" => Unit::Weeks(2),
        "month" | "months" => Unit::Months(1),
        "quarter" | "quarters" => Unit::Months(3),
        "year" | "years" => Unit::Months(12),
        "second" | "seconds" => return Some(seconds()),
        _ => return None,
    };
    Some(times(unit, 1))
}

fn seconds() -> Rhythm {
    Rhythm::new(Unit::Minutes(1)).note(Some("less than a minute is not possible: it runs every minute".to_owned()))
}

/// Every so many minutes, as near as cron comes to it. `written` is how the person said it.
pub(super) fn span(minutes: u32, written: &str) -> Rhythm {
    let written = written.to_lowercase();
    let has = |unit: &str| written.contains(unit);
    if has("sec") || written.ends_with('s') && written.trim_end_matches('s').ends_with(|c: char| c.is_ascii_digit()) {
        return seconds();
    }
    match minutes {
        0..60 => times(Unit::Minutes(1), minutes.max(1)),
        _ if has("year") || has("yr") => times(Unit::Months(12), minutes / 525_600),
        _ if has("quarter") && minutes >= 129_600 => times(Unit::Months(3), minutes / 129_600),
        _ if has("month") => times(Unit::Months(1), minutes / 43_200),
        60..1_440 => {
            let hours = (minutes + 29) / 60;
            let note = (!minutes.is_multiple_of(60))
                .then(|| format!("{written} is not possible: it runs every {}", counted(hours, "hour")));
            times(Unit::Hours(1), hours).note(note)
        }
        _ if minutes.is_multiple_of(10_080) => times(Unit::Weeks(1), minutes / 10_080),
        _ => {
            let days = (minutes + 720) / 1_440;
            let note = (!minutes.is_multiple_of(1_440))
                .then(|| format!("{written} is not possible: it runs every {}", counted(days, "day")));
            times(Unit::Days(1), days).note(note)
        }
    }
}

fn counted(count: u32, unit: &str) -> String {
    if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
}

/// Every so many units.
pub(super) fn times(unit: Unit, count: u32) -> Rhythm {
    let count = count.max(1);
    let anew = |count: u32, of: u32, unit: &str, when: &str| {
        (!of.is_multiple_of(count)).then(|| format!("every {} is counted anew {when}", counted(count, unit)))
    };
    match unit {
        Unit::Minutes(n) => {
            let count = (n * count).min(59);
            Rhythm::new(Unit::Minutes(count)).note(anew(count, 60, "minute", "each hour"))
        }
        Unit::Hours(n) => {
            let count = (n * count).min(23);
            Rhythm::new(Unit::Hours(count)).note(anew(count, 24, "hour", "each day"))
        }
        Unit::Days(n) => match n * count {
            1 => Rhythm::new(Unit::Days(1)),
            7 => Rhythm::new(Unit::Weeks(1)),
            days @ ..28 => Rhythm::new(Unit::Days(days))
                .note(Some(format!("every {} is counted anew on the first of each month", counted(days, "day")))),
            days => {
                let months = (days + 15) / 30;
                let note = format!(
                    "every {} is not possible: it runs every {}",
                    counted(days, "day"),
                    counted(months, "month")
                );
                times(Unit::Months(1), months).note(Some(note))
            }
        },
        Unit::Weeks(n) => {
            let weeks = n * count;
            let note =
                (weeks > 1).then(|| format!("every {} is not possible: it runs every week", counted(weeks, "week")));
            Rhythm::new(Unit::Weeks(1)).note(note)
        }
        Unit::Months(n) => {
            let months = n.saturating_mul(count);
            let note = if months > 12 {
                Some(format!("every {} is not possible: it runs every year", counted(months, "month")))
            } else {
                anew(months, 12, "month", "each year")
            };
            Rhythm::new(Unit::Months(months.min(12))).note(note)
        }
    }
}
