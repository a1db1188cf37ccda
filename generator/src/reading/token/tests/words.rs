use super::{hold, tokens};

#[test]
fn words_are_in_the_spelling_of_the_vocabulary() {
    hold(&[
        ("Summarize the COLORS", "summarise the colours"),
        ("categorized, Analyzing", "categorised COMMA analysing"),
        ("personalization of catalogs", "personalisation of catalogues"),
        ("favorite behavior", "favourite behaviour"),
        ("centered gray theater", "centred grey theatre"),
        ("labeled and canceled", "labelled and cancelled"),
        ("resize the prize, seize it", "resize the prize COMMA seize it"),
        ("laboratory of collaborators", "laboratory of collaborators"),
        ("e-mail my E-mails and to-dos", "email my emails and todos"),
        ("the team's plan, the users' data", "the team plan COMMA the users data"),
        ("don’t, it's, let's, I'm, we'll", "dont COMMA it COMMA lets COMMA i COMMA we"),
        ("O'Reilly", "oreilly"),
        ("follow-up on-call", "follow-up on-call"),
        ("up/down and/or news/weather", "up OTHER down and OTHER or news OTHER weather"),
        ("e.g. this, i.e. that, etc. and so on", "eg this COMMA ie that COMMA etc and so on"),
        ("Mails, links etc. Then stop.", "mails COMMA links etc STOP then stop STOP"),
        ("done.Then more", "done STOP then more"),
        ("Node.js gpt-4.1-mini report.pdf v2.0", "node.js gpt-4.1-mini report.pdf v2.0"),
        ("mp3 files, 10x, 5-star", "mp3 files COMMA 10x COMMA 5-star"),
        ("$ACME and $XYZ", "acme and xyz"),
        ("snake_case __init__", "snake_case __init__"),
        ("naïve façade ÄRGER", "naïve façade ärger"),
        ("cafe\u{301} noir", "cafe\u{301} noir"),
        ("毎日、要約。", "毎日 COMMA 要約 STOP"),
        ("**bold** text", "OTHER OTHER bold OTHER OTHER text"),
        ("c++ and R&D", "c OTHER OTHER and r OTHER d"),
        ("", ""),
        (" \t ", ""),
    ]);
}

#[test]
fn marks_tell_how_a_text_is_built() {
    hold(&[
        ("a, b; c: d. e! f?", "a COMMA b SEMICOLON c COLON d STOP e STOP f STOP"),
        ("wait... what?!", "wait STOP what STOP"),
        ("feed -> summary => Slack → mail", "feed ARROW summary ARROW slack ARROW mail"),
        ("feed > Slack", "feed ARROW slack"),
        ("a - b – c — d -- e", "a DASH b DASH c DASH d DASH e"),
        ("word—word", "word DASH word"),
        ("(in short) [see it]", "OPEN in short CLOSE placeholder(see it)"),
        ("thanks :) bye", "thanks OTHER bye"),
        ("ship it 🎉👍🏽 now", "ship it OTHER OTHER now"),
        ("first\nsecond\n\nthird\n", "first LINE second LINE third"),
        ("- read\n- write", "LINE read LINE write"),
        ("* read\n• write\n– send", "LINE read LINE write LINE send"),
        ("1. read\n2) write\n(3) send", "LINE read LINE write LINE send"),
        ("[ ] read\n- [x] write\n☐ send", "LINE read LINE write LINE send"),
        ("## Steps\n  - one", "LINE steps LINE one"),
        ("Do: 1. read 2. write 3. send", "do COLON LINE read LINE write LINE send"),
        ("1) read 2) write", "LINE read LINE write"),
        ("1️⃣ read\n2️⃣ write", "LINE read LINE write"),
        ("version 2. It works", "version number(2) STOP it works"),
        ("-write it down", "LINE write it down"),
        ("well-known - really", "well-known DASH really"),
        ("a\r\nb", "a LINE b"),
    ]);
}

#[test]
fn a_token_has_its_place_in_the_text() {
    let text = "Post the  team's “plan” — at half past nine";
    let raw: Vec<&str> = tokens(text).iter().map(|token| token.raw(text)).collect();
    assert_eq!(raw, ["Post", "the", "team's", "“plan”", "—", "at", "half past nine"]);
}
