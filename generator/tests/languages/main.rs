//! Whoever writes in another language is told so in it, and nobody who writes in English is.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod sentences;

use std::collections::HashSet;

use generator::{
    Builtin,
    reading::language::{Language, foreign},
};
use sentences::{ENGLISH, FOREIGN};
use serde_json::Value;
use shared::port::Decomposition;

const BLOCKS: &str = include_str!("../../data/blocks.json");
const GOALS: &str = include_str!("../../eval/goals.jsonl");

/// In each language, what English is called there.
const CALLED: [(Language, &str); 16] = [
    (Language::Spanish, "inglés"),
    (Language::French, "anglais"),
    (Language::German, "Englisch"),
    (Language::Portuguese, "inglês"),
    (Language::Italian, "inglese"),
    (Language::Turkish, "İngilizce"),
    (Language::Dutch, "Engels"),
    (Language::Polish, "angielsku"),
    (Language::Indonesian, "Inggris"),
    (Language::Chinese, "英语"),
    (Language::Japanese, "英語"),
    (Language::Korean, "영어"),
    (Language::Russian, "английском"),
    (Language::Hindi, "अंग्रेज़ी"),
    (Language::Arabic, "الإنجليزية"),
    (Language::Other, "English"),
];

#[test]
fn no_english_goal_is_refused_as_foreign() {
    let goals: Vec<Value> = GOALS.lines().map(|goal| serde_json::from_str(goal).unwrap()).collect();
    let goals = goals.iter().filter(|goal| goal["lang"] == "en").map(|goal| goal["goal"].as_str().unwrap());
    let english = ENGLISH.iter().copied().chain(goals);
    let wrong: Vec<_> = english.filter_map(|goal| Some((goal, foreign(goal)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_the_blocks_say_of_themselves_is_english() {
    let blocks: Vec<Value> = serde_json::from_str(BLOCKS).unwrap();
    let said = blocks.iter().flat_map(|block| {
        let inputs = block["inputSchema"]["properties"].as_object().unwrap().values();
        inputs.chain([block]).filter_map(|one| one["description"].as_str())
    });
    let wrong: Vec<_> = said.filter_map(|text| Some((text, foreign(text)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_goal_in_another_language_is_recognised() {
    let kinds: HashSet<&str> = FOREIGN.iter().map(|(language, _)| *language).collect();
    assert!(FOREIGN.len() >= 60 && kinds.len() >= 15 && ENGLISH.len() >= 80);
    for (language, goal) in FOREIGN {
        let found = foreign(goal).map(|found| format!("{found:?}"));
        assert_eq!(found.as_deref(), language.split(':').next(), "{goal}");
    }
}

#[test]
fn a_person_is_told_in_their_language_to_write_in_english() {
    for (language, goal) in FOREIGN {
        let Ok(Decomposition::UnachievableGoal { reason: Some(reason), suggested_goal: Some(suggestion) }) =
            Builtin::new().decompose_now(goal, None)
        else {
            panic!("{goal}")
        };
        let found = foreign(goal).unwrap();
        let (_, english) = CALLED.iter().find(|(known, _)| *known == found).unwrap();
        assert!(reason.contains(english), "{language}: {reason}");
        let built = Builtin::new().decompose_now(&suggestion, None);
        assert!(matches!(built, Ok(Decomposition::Instructions { .. })), "{suggestion}");
    }
}

#[test]
fn every_answer_is_in_the_language_that_it_is_for() {
    for (language, _) in CALLED {
        let found = foreign(language.reads_english());
        assert_eq!(found, Some(language).filter(|language| *language != Language::Other));
    }
}

#[test]
fn an_english_part_makes_a_goal_english() {
    for goal in [
        "Reply to each review in its own language: gracias por su visita, que tenga un buen día",
        "Bonjour, je m'appelle Anne. Please read my inbox and tell me what is urgent. Merci beaucoup et bonne journée",
        "每天早上 read the news and send me a summary",
    ] {
        assert_eq!(foreign(goal), None, "{goal}");
    }
}

#[test]
fn text_in_quotation_marks_tells_nothing() {
    assert_eq!(foreign("Slack: \"der Kunde hat die Rechnung nicht bezahlt\""), None);
    assert_eq!(
        foreign("„der Kunde hat die Rechnung nicht bezahlt“"),
        Some(Language::German),
        "but there is nothing else"
    );
    assert_eq!(foreign("Crea un correo que diga \"please send me the report\""), Some(Language::Spanish));
}

#[test]
fn a_long_text_without_an_end_of_its_quotes_is_read_in_time() {
    for text in
        ["„ “« 「".repeat(4000), "'a ".repeat(6000), "l'une-d'".repeat(2500), "的".repeat(20_000), ",".repeat(20_000)]
    {
        let begun = std::time::Instant::now();
        let _ = foreign(&text);
        assert!(begun.elapsed().as_millis() < 500, "{:?}", begun.elapsed());
    }
}
