//! A cron expression of five fields in words: `0 8 * * 1-5` is "every weekday at 8:00".

use super::words::listed;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `on the schedule …` with the expression itself if it is not one, or of a kind that words would not make shorter.
pub(super) fn in_words(cron: &str) -> String {
    worded(cron).unwrap_or_else(|| format!("on the schedule {cron}"))
}

fn worded(cron: &str) -> Option<String> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let minute = Field::parse(minute, 0, 59, &[])?;
    let hour = Field::parse(hour, 0, 23, &[])?;
    let day = Field::parse(day, 1, 31, &[])?;
    let month = Field::parse(month, 1, 12, &MONTHS)?;
    let weekday = Field::parse(weekday, 0, 7, &DAYS)?;
    let days = days(&day, &month, &weekday)?;
    let times = times(&minute, &hour)?;
    Some(match (times, days) {
        (Times::At(at), None) => format!("every day at {at}"),
        (Times::At(at), Some(days)) => format!("{days} at {at}"),
        (Times::Every(every), None) => every,
        (Times::Every(every), Some(days)) => format!("{every}, {days}"),
    })
}

/// What a field allows.
#[derive(Debug, PartialEq, Eq)]
enum Field {
    Any,
    /// Each so many, between two ends if they are given.
    Step(u8, Option<(u8, u8)>),
    Range(u8, u8),
    /// In order.
    Some(Vec<u8>),
}

impl Field {
    fn parse(text: &str, first: u8, last: u8, names: &[&str]) -> Option<Self> {
        let number = |text: &str| {
            let named = || {
                let short = |name: &&str| name.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(text));
                u8::try_from(names.iter().position(short)?).ok().map(|at| at + first)
            };
            text.parse().ok().or_else(named).filter(|number| (first..=last).contains(number))
        };
        let range = |text: &str| {
            let (from, to) = text.split_once('-')?;
            Some((number(from)?, number(to)?)).filter(|(from, to)| from < to)
        };
        if matches!(text, "*" | "?") {
            return Some(Self::Any);
        }
        if let Some((of, step)) = text.split_once('/') {
            let step = step.parse().ok().filter(|step| *step > 0)?;
            let ends = if of == "*" { None } else { Some(range(of)?) };
            return Some(match (step, ends) {
                (1, None) => Self::Any,
                (1, Some((from, to))) => Self::Range(from, to),
                _ => Self::Step(step, ends),
            });
        }
        if let Some((from, to)) = range(text) {
            return Some(Self::Range(from, to));
        }
        let mut all = text.split(',').map(number).collect::<Option<Vec<_>>>()?;
        all.sort_unstable();
        all.dedup();
        Some(Self::Some(all))
    }

    fn values(&self) -> Option<Vec<u8>> {
        match self {
            Self::Range(from, to) => Some((*from..=*to).collect()),
            Self::Some(all) => Some(all.clone()),
            Self::Any | Self::Step(..) => None,
        }
    }
}

enum Times {
    /// `8:00 and 20:00`
    At(String),
    /// `every 15 minutes`
    Every(String),
}

fn times(minute: &Field, hour: &Field) -> Option<Times> {
    let on = |hour: u8, minute: u8| format!("{hour}:{minute:02}");
    Some(match (minute, hour) {
        (Field::Any, Field::Any) => Times::Every("every minute".to_owned()),
        (Field::Any | Field::Step(..), Field::Range(from, to)) => {
            let every = if let Field::Step(step, None) = minute { *step } else { 1 };
            Times::Every(format!("{} from {} to {}", each(every, "minute"), on(*from, 0), on(*to, 59)))
        }
        (Field::Step(step, None), Field::Any) => Times::Every(each(*step, "minute")),
        (Field::Some(minutes), hour) => match (minutes.as_slice(), hour) {
            ([0], Field::Any) => Times::Every("every hour".to_owned()),
            (minutes, Field::Any) => {
                let minutes: Vec<String> = minutes.iter().map(u8::to_string).collect();
                Times::Every(format!("every hour at minute {}", listed(&minutes)))
            }
            ([minute], Field::Step(step, ends)) => {
                let past = if *minute == 0 { String::new() } else { format!(" at minute {minute}") };
                let between = ends.map(|(from, to)| format!(" from {} to {}", on(from, *minute), on(to, *minute)));
                Times::Every(format!("{}{past}{}", each(*step, "hour"), between.unwrap_or_default()))
            }
            ([minute], Field::Range(from, to)) => {
                Times::Every(format!("every hour from {} to {}", on(*from, *minute), on(*to, *minute)))
            }
            (minutes, Field::Some(hours)) if minutes.len() * hours.len() <= 6 => {
                let times: Vec<String> =
                    hours.iter().flat_map(|hour| minutes.iter().map(|minute| on(*hour, *minute))).collect();
                Times::At(listed(&times))
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// `None` within: every day.
#[allow(
    clippy::option_option,
    reason = "the outer one says whether there are words, the inner one whether they are needed"
)]
fn days(day: &Field, month: &Field, weekday: &Field) -> Option<Option<String>> {
    let months = match month {
        Field::Any => None,
        Field::Step(step, None) => Some(each(*step, "month").replacen("every", "of every", 1)),
        _ => {
            let names = month.values()?;
            let names: Vec<String> =
                names.iter().filter_map(|month| MONTHS.get(usize::from(*month) - 1)).map(ToString::to_string).collect();
            Some(listed(&names))
        }
    };
    let on_days = match (day, weekday) {
        (Field::Any, Field::Any) => None,
        (Field::Step(step, None), Field::Any) => Some(each(*step, "day")),
        (Field::Some(_) | Field::Range(..), Field::Any) => {
            let ordinals: Vec<String> = day.values()?.iter().map(|day| ordinal(*day)).collect();
            let of = match month {
                Field::Any => "of each month".to_owned(),
                Field::Step(..) => months.clone()?,
                _ => format!("of {}", months.clone()?),
            };
            return Some(Some(format!("on the {} {of}", listed(&ordinals))));
        }
        (Field::Any, weekday) => {
            let mut all: Vec<u8> = weekday.values()?.iter().map(|day| day % 7).collect();
            all.sort_unstable();
            all.dedup();
            match all.as_slice() {
                [1, 2, 3, 4, 5] => Some("every weekday".to_owned()),
                [0, 6] => Some("every Saturday and Sunday".to_owned()),
                [0, 1, 2, 3, 4, 5, 6] => None,
                all => {
                    let names: Vec<String> =
                        all.iter().filter_map(|day| DAYS.get(usize::from(*day))).map(ToString::to_string).collect();
                    Some(format!("every {}", listed(&names)))
                }
            }
        }
        // Cron runs on either: no words are shorter.
        _ => return None,
    };
    Some(match (on_days, months) {
        (days, None) => days,
        (Some(days), Some(months)) => Some(format!("{days} in {}", months.trim_start_matches("of "))),
        (None, Some(months)) => Some(format!("every day in {}", months.trim_start_matches("of "))),
    })
}

fn each(step: u8, unit: &str) -> String {
    if step == 1 { format!("every {unit}") } else { format!("every {step} {unit}s") }
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 10, number) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_person_reads_when_the_agent_runs() {
        for (cron, words) in [
            ("0 8 * * 1-5", "every weekday at 8:00"),
            ("0 9 * * 1", "every Monday at 9:00"),
            ("30 18 * * MON,fri", "every Monday and Friday at 18:30"),
            ("0 9 * * 0,6", "every Saturday and Sunday at 9:00"),
            ("0 9 * * 6-7", "every Saturday and Sunday at 9:00"),
            ("5 7 * * *", "every day at 7:05"),
            ("0 8,20 * * *", "every day at 8:00 and 20:00"),
            ("*/15 * * * *", "every 15 minutes"),
            ("* * * * *", "every minute"),
            ("0 * * * *", "every hour"),
            ("20 * * * *", "every hour at minute 20"),
            ("0 */2 * * *", "every 2 hours"),
            ("0 8-22/2 * * *", "every 2 hours from 8:00 to 22:00"),
            ("0 9-17 * * 1-5", "every hour from 9:00 to 17:00, every weekday"),
            ("*/10 9-17 * * *", "every 10 minutes from 9:00 to 17:59"),
            ("0 9 1 * *", "on the 1st of each month at 9:00"),
            ("0 9 1,15 * *", "on the 1st and 15th of each month at 9:00"),
            ("0 9 22 12 *", "on the 22nd of December at 9:00"),
            ("0 9 1 */3 *", "on the 1st of every 3 months at 9:00"),
            ("0 9 */2 * *", "every 2 days at 9:00"),
            ("0 9 * 6 1", "every Monday in June at 9:00"),
        ] {
            assert_eq!(in_words(cron), words, "{cron}");
        }
    }

    #[test]
    fn what_words_do_not_say_is_shown_as_it_is() {
        for cron in
            ["", "soon", "0 9 13 * 5", "61 9 * * *", "0 9 * * 9", "1/0 * * * *", "1,2,3,4,5 1,2,3 * * *", "0 5-2 * * *"]
        {
            assert_eq!(in_words(cron), format!("on the schedule {cron}"));
        }
    }
}
