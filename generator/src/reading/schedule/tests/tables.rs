use super::hold;

#[test]
fn a_rhythm_with_a_unit_of_time_is_kept() {
    hold(&[
        ("every minute", "* * * * *"),
        ("ping the server every 5 minutes", "*/5 * * * *"),
        ("Every ten mins look at the queue", "*/10 * * * *"),
        ("every 15 min", "*/15 * * * *"),
        ("check it every half hour", "*/30 * * * *"),
        ("every half an hour", "*/30 * * * *"),
        ("every quarter of an hour", "*/15 * * * *"),
        ("a half-hourly check", "*/30 * * * *"),
        ("every hour", "0 * * * *"),
        ("every 60 minutes", "0 * * * *"),
        ("each hour, read the log", "0 * * * *"),
        ("every 2 hours", "0 */2 * * *"),
        ("every other hour", "0 */2 * * *"),
        ("every 6h", "0 */6 * * *"),
        ("every twelve hours", "0 */12 * * *"),
        ("every 24 hours", "0 9 * * *"),
        ("every day", "0 9 * * *"),
        ("every single day", "0 9 * * *"),
        ("each day of the week", "0 9 * * *"),
        ("every other day", "0 9 */2 * *"),
        ("every second day", "0 9 */2 * *"),
        ("every three days", "0 9 */3 * *"),
        ("every 7 days", "0 9 * * 1"),
        ("every week", "0 9 * * 1"),
        ("every month", "0 9 1 * *"),
        ("every 3 months", "0 9 1 */3 *"),
        ("every quarter", "0 9 1 */3 *"),
        ("each year", "0 9 1 1 *"),
        ("every six months", "0 9 1 */6 *"),
        ("per day: no", "-"),
        ("once every two hours", "0 */2 * * *"),
        ("each and every day", "0 9 * * *"),
    ]);
}

#[test]
fn days_of_the_week_are_kept() {
    hold(&[
        ("every Monday", "0 9 * * 1"),
        ("each Tuesday and Friday", "0 9 * * 2,5"),
        ("every Monday, Wednesday and Friday", "0 9 * * 1,3,5"),
        ("on Mondays and every Thursday", "0 9 * * 1,4"),
        ("Mondays", "0 9 * * 1"),
        ("on Sundays", "0 9 * * 0"),
        ("Mon, Wed & Fri at 8", "0 8 * * 1,3,5"),
        ("Tue/Thu at 10:15", "15 10 * * 2,4"),
        ("Monday to Friday", "0 9 * * 1-5"),
        ("Monday through Thursday at 7 am", "0 7 * * 1-4"),
        ("Mon-Fri 7:45", "45 7 * * 1-5"),
        ("Mon – Sat at noon", "0 12 * * 1-6"),
        ("Friday to Sunday", "0 9 * * 0,5,6"),
        ("every weekday", "0 9 * * 1-5"),
        ("on weekdays", "0 9 * * 1-5"),
        ("each workday", "0 9 * * 1-5"),
        ("every working day", "0 9 * * 1-5"),
        ("on business days at 8:30", "30 8 * * 1-5"),
        ("on weekends", "0 9 * * 0,6"),
        ("every weekend", "0 9 * * 0,6"),
        ("every day except weekends", "0 9 * * 1-5"),
        ("every day but not on Sundays", "0 9 * * 1-6"),
        ("every weekday except Friday", "0 9 * * 1-4"),
        ("weekly on Friday", "0 9 * * 5"),
        ("every week on Tuesday at 11", "0 11 * * 2"),
        ("once a week on Sunday evening", "0 18 * * 0"),
        ("weekly, Wednesdays", "0 9 * * 3"),
        ("Saturday mornings", "0 8 * * 6"),
        ("run it by default Monday 9am", "0 9 * * 1"),
    ]);
}

#[test]
fn a_time_of_day_belongs_to_the_rhythm_of_its_sentence() {
    hold(&[
        ("every day at 9", "0 9 * * *"),
        ("at 9 every day", "0 9 * * *"),
        ("at seven each morning", "0 7 * * *"),
        ("daily at 7:30am", "30 7 * * *"),
        ("each Monday at 5 pm", "0 17 * * 1"),
        ("Weekdays at nine: plan my day", "0 9 * * 1-5"),
        ("Saturdays at 6 p.m. water the plants", "0 18 * * 6"),
        ("8 o'clock every day", "0 8 * * *"),
        ("at half past six every evening", "30 18 * * *"),
        ("daily at a quarter to eight", "45 7 * * *"),
        ("every evening at 8", "0 20 * * *"),
        ("every night at 11", "0 23 * * *"),
        ("every morning at 6:45", "45 6 * * *"),
        ("every day at noon", "0 12 * * *"),
        ("every midnight", "0 0 * * *"),
        ("every day at 8 in the evening", "0 20 * * *"),
        ("around 9 every weekday", "0 9 * * 1-5"),
        ("mail me the headlines by 8am each day", "0 8 * * *"),
        ("every day read the feed and mail it to me at 18:00", "0 18 * * *"),
        ("at 9 and 17 every day", "0 9,17 * * *"),
        ("at 7am and 7pm daily", "0 7,19 * * *"),
        ("every weekday at 9:00, 13:00 and 17:00", "0 9,13,17 * * 1-5"),
        ("daily at 8:15 and 20:15", "15 8,20 * * *"),
        ("Tuesdays at 8h30", "30 8 * * 2"),
        ("Make a daily digest. It should be sent at 7am.", "0 7 * * *"),
        ("A digest every day. Please deliver at 6:30 pm.", "30 18 * * *"),
        ("every month at 10 on the 3rd", "0 10 3 * *"),
    ]);
}

#[test]
fn a_bare_hour_after_a_day_of_the_week_lies_in_working_hours() {
    hold(&[
        ("Tuesdays at four clean up the board", "0 16 * * 2"),
        ("every Friday at 3", "0 15 * * 5"),
        ("on weekdays at six", "0 18 * * 1-5"),
        ("Mondays at seven", "0 7 * * 1"),
        ("Mondays at half past two", "30 14 * * 1"),
        ("every Friday at 4:00", "0 4 * * 5"),
        ("every day at 5", "0 5 * * *"),
        ("every Friday morning at 5", "0 5 * * 5"),
        ("every Friday at 4 am", "0 4 * * 5"),
    ]);
}

#[test]
fn a_part_of_the_day_has_an_hour() {
    hold(&[
        ("every morning", "0 8 * * *"),
        ("each afternoon", "0 15 * * *"),
        ("every evening", "0 18 * * *"),
        ("every night", "0 22 * * *"),
        ("nightly", "0 22 * * *"),
        ("in the morning mail me the weather", "0 8 * * *"),
        ("in the mornings", "0 8 * * *"),
        ("collect the figures overnight", "0 22 * * *"),
        ("every Friday evening", "0 18 * * 5"),
        ("each Monday in the afternoon", "0 15 * * 1"),
        ("every weekday morning", "0 8 * * 1-5"),
        ("a summary each day, early in the morning", "0 8 * * *"),
        ("at the end of every day", "0 18 * * *"),
        ("at the start of each week", "0 9 * * 1"),
        ("at the end of the week", "0 17 * * 5"),
        ("at the beginning of each month", "0 9 1 * *"),
    ]);
}

#[test]
fn days_of_the_month_and_year_are_kept() {
    hold(&[
        ("on the 25th of each month", "0 9 25 * *"),
        ("the 3rd of every month at 7", "0 7 3 * *"),
        ("the first of every month", "0 9 1 * *"),
        ("on the first day of the month", "0 9 1 * *"),
        ("every month on the 10th", "0 9 10 * *"),
        ("monthly on the 15th", "0 9 15 * *"),
        ("on the 1st and 15th of every month", "0 9 1,15 * *"),
        ("on day 5 of each month", "0 9 5 * *"),
        ("every 20th of the month", "0 9 20 * *"),
        ("the first day of each quarter", "0 9 1 */3 *"),
        ("every year on 24 December", "0 9 24 12 *"),
        ("yearly on March 3rd at 10 am", "0 10 3 3 *"),
    ]);
}

#[test]
fn words_that_tell_how_often_are_kept() {
    hold(&[
        ("daily", "0 9 * * *"),
        ("Hourly: read the sensors", "0 * * * *"),
        ("weekly", "0 9 * * 1"),
        ("monthly", "0 9 1 * *"),
        ("quarterly", "0 9 1 */3 *"),
        ("yearly", "0 9 1 1 *"),
        ("annually", "0 9 1 1 *"),
        ("once a day", "0 9 * * *"),
        ("once per week", "0 9 * * 1"),
        ("twice a day", "0 9,18 * * *"),
        ("twice daily", "0 9,18 * * *"),
        ("three times a day", "0 8,13,18 * * *"),
        ("4 times a day", "0 8,12,16,20 * * *"),
        ("twice an hour", "*/30 * * * *"),
        ("twice a week", "0 9 * * 1,4"),
        ("three times a week", "0 9 * * 1,3,5"),
        ("twice a month", "0 9 1,15 * *"),
        ("a weekly report of our sales", "0 9 * * 1"),
        ("build a daily workflow that reads the feed", "0 9 * * *"),
        ("I would like a monthly summary of my expenses", "0 9 1 * *"),
        ("- daily ideas for articles", "0 9 * * *"),
        ("put three feeds into one digest a day", "0 9 * * *"),
        ("check the site and update it hourly", "0 * * * *"),
        ("Daily take all open tickets and sort them", "0 9 * * *"),
    ]);
}

#[test]
fn hours_within_which_it_runs_are_kept() {
    hold(&[
        ("every two hours between 8am and 10pm", "0 8-22/2 * * *"),
        ("every 15 minutes during working hours", "*/15 9-17 * * 1-5"),
        ("every 10 minutes during business hours on Mondays", "*/10 9-17 * * 1"),
        ("hourly from 9 to 17", "0 9-17 * * *"),
        ("hourly from 9 to 5", "0 9-17 * * *"),
        ("every 30 minutes, 8:00-18:00", "*/30 8-18 * * *"),
        ("between 9 and 17 on weekdays", "0 9-17 * * 1-5"),
        ("every hour on weekdays", "0 * * * 1-5"),
        ("on weekends, every 20 minutes", "*/20 * * * 0,6"),
        ("every hour between 10pm and 4am", "0 22-23,0-4 * * *"),
        ("every day between 7 and 8 am", "0 7 * * *"),
    ]);
}

#[test]
fn an_expression_for_cron_is_taken_as_it_stands() {
    hold(&[
        ("cron 0 9 * * 1", "0 9 * * 1"),
        ("run it on `*/10 * * * *`", "*/10 * * * *"),
        ("Schedule: 30 6 * * MON-FRI.", "30 6 * * 1-5"),
        ("cron expression \"0 0 1 1 *\"", "0 0 1 1 *"),
        ("0 8-18/2 * * 1,3 please", "0 8-18/2 * * 1,3"),
        ("@daily", "0 0 * * *"),
        ("cron 0 25 * * 1", "-"),
        ("cron 0 9 * * 7", "0 9 * * 0"),
    ]);
}

#[test]
fn what_is_not_the_agents_rhythm_is_left_alone() {
    hold(&[
        ("for each post", "-"),
        ("for every day of the trip", "-"),
        ("every entry of the feed", "-"),
        ("each one of them", "-"),
        ("weekly content plans", "-"),
        ("sum up the weekly reports of my team", "-"),
        ("the monthly revenue", "-"),
        ("the last 24 hours", "-"),
        ("due within three days", "-"),
        ("3000 dollars a month", "-"),
        ("the news of the week", "-"),
        ("what I finished this week", "-"),
        ("the meetings of the next day", "-"),
        ("letters that arrived over the weekend", "-"),
        ("plan it for today", "-"),
        ("book a room on Monday", "-"),
        ("next Monday at 9", "-"),
        ("create a calendar event tomorrow at 3 pm", "-"),
        ("tell me in real time", "-"),
        ("answer immediately", "-"),
        ("I spend hours every week on this", "-"),
        ("we receive 50 letters a day", "-"),
        ("each day's sales", "-"),
        ("at the end say what was done", "-"),
        ("at most once a day", "-"),
        ("each second row", "-"),
        ("at home", "-"),
        ("every", "-"),
        ("on Slack", "-"),
        ("", "-"),
    ]);
}
