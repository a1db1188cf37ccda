use super::hold;

#[test]
fn numbers_and_amounts_have_their_worth() {
    hold(&[
        ("1,000 rows and 2,500,000.5", "number(1000) rows and number(2500000.5)"),
        ("3.5, 1k, 2.5k, 2M", "number(3.5) COMMA number(1000) COMMA number(2500) COMMA number(2000000)"),
        ("three ideas, a dozen eggs", "number(3) ideas COMMA number(12) eggs"),
        ("twenty-five or twenty five", "number(25) or number(25)"),
        ("two hundred, a thousand", "number(200) COMMA number(1000)"),
        ("each one of them", "each one of them"),
        ("3-5 sentences", "number(3) OTHER number(5) sentences"),
        ("1,2,3", "number(1) COMMA number(2) COMMA number(3)"),
        ("50+ people, ~20 mails", "number(50) OTHER people COMMA number(20) mails"),
        ("-4 degrees", "amount(-4 degrees)"),
        ("$5, €4000 and 5€", "amount($5) COMMA amount(€4000) and amount(5€)"),
        ("4000 euros a month", "amount(4000 euros) a month"),
        ("20 %, 20% and 20 per cent", "amount(20 %) COMMA amount(20%) and amount(20 per cent)"),
        ("below 3°C", "below amount(3°C)"),
        ("$10/month", "amount($10) OTHER month"),
        ("USD 100 or 100 USD", "amount(USD 100) or amount(100 USD)"),
        ("$1.5k or $2,000.50", "amount($1.5k) or amount($2,000.50)"),
        ("five dollars", "amount(five dollars)"),
        ("1st place", "1st place"),
    ]);
}

#[test]
fn spans_of_time_are_counted_in_minutes() {
    hold(&[
        ("24 hours", "minutes(1440)"),
        ("the last two weeks", "the last minutes(20160)"),
        ("half an hour", "minutes(30)"),
        ("a quarter of an hour", "minutes(15)"),
        ("three quarters of an hour", "minutes(45)"),
        ("an hour and a half", "minutes(90)"),
        ("one and a half hours", "minutes(90)"),
        ("1.5 hours", "minutes(90)"),
        ("two and a half days", "minutes(3600)"),
        ("90 min, 30min, 24h, 7d", "minutes(90) COMMA minutes(30) COMMA minutes(1440) COMMA minutes(10080)"),
        ("1h 30min", "minutes(90)"),
        ("2 hours and 15 minutes", "minutes(135)"),
        ("a 30-minute call", "a minutes(30) call"),
        ("two-week plan, 7-day plan", "minutes(20160) plan COMMA minutes(10080) plan"),
        ("a couple of days", "minutes(2880)"),
        ("three working days", "minutes(4320)"),
        ("within an hour", "within minutes(60)"),
        ("twice an hour", "twice an hour"),
        ("10 seconds", "minutes(1)"),
        ("once a day", "once a day"),
        ("the two second ones", "the number(2) second ones"),
    ]);
}

#[test]
fn times_of_day_are_told_from_numbers() {
    hold(&[
        ("at 9, around nine, by 8", "at time(9:00) COMMA around time(9:00) COMMA by time(8:00)"),
        ("9am, 9 am, 9:30 a.m., 9.30pm", "time(9:00) COMMA time(9:00) COMMA time(9:30) COMMA time(21:30)"),
        ("12am and 12 pm", "time(0:00) and time(12:00)"),
        ("noon, midday, midnight", "time(12:00) COMMA time(12:00) COMMA time(0:00)"),
        ("half past nine", "time(9:30)"),
        ("at a quarter to five", "at time(4:45)"),
        ("at ten past six", "at time(6:10)"),
        ("nine o'clock, 8 o’clock", "time(9:00) COMMA time(8:00)"),
        ("18:15 and 9h30", "time(18:15) and time(9:30)"),
        ("8 in the evening", "time(20:00)"),
        ("9:15 in the morning", "time(9:15)"),
        ("at 9 and 17", "at time(9:00) and time(17:00)"),
        ("8:00-18:30", "time(8:00) OTHER time(18:30)"),
        ("9am-5pm", "time(9:00) OTHER time(17:00)"),
        ("at 9.30", "at time(9:30)"),
        ("at 9 send it", "at time(9:00) send it"),
        ("at 5 items per page", "at number(5) items per page"),
        ("at two places", "at number(2) places"),
        ("by 10 percent", "by amount(10 percent)"),
        ("at least 5", "at least number(5)"),
        ("Fridays at four tidy up", "fridays at time(4:00) tidy up"),
        ("16:9", "number(16) COLON number(9)"),
        ("at 25", "at number(25)"),
    ]);
}

#[test]
fn dates_are_as_written() {
    hold(&[
        ("2026-12-24 and 2026-12-24T09:00:00Z", "date(2026-12-24) and date(2026-12-24T09:00:00Z)"),
        ("25/12/2026, 24.12.2026", "date(25/12/2026) COMMA date(24.12.2026)"),
        ("24 December, Dec 24, 2026", "date(24 December) COMMA date(Dec 24, 2026)"),
        ("the 24th of December 2026", "date(the 24th of December 2026)"),
        ("December 2026", "date(December 2026)"),
        ("the first of May", "date(the first of May)"),
        ("on the 25th of each month", "on date(the 25th) of each month"),
        ("on the 1st and 15th", "on date(the 1st) and date(15th)"),
        ("the 25th customer", "the 25th customer"),
        ("on 24/12", "on date(24/12)"),
        ("it may 5", "it may number(5)"),
        ("10.0.0.1", "10.0.0.1"),
    ]);
}
