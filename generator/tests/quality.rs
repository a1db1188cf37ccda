//! The quality of the rules as `make eval` measures it: it must not fall below what is promised.

#[allow(dead_code, reason = "the report shows more than the floors need")]
#[path = "../eval/measure/mod.rs"]
mod measure;

use std::collections::{BTreeMap, BTreeSet};

use generator::{Builtin, catalogue::Catalogue};
use measure::{
    failures,
    floors::broken_floors,
    goal::Set,
    measured, misses, own_goals,
    paraphrases::{alike, paraphrases},
    used,
};

#[tokio::test]
async fn goals_get_the_right_answer_as_often_as_promised() {
    let planner = Builtin::new();
    let verdicts = measured(&planner, own_goals().unwrap()).await.unwrap();
    let broken = broken_floors(&verdicts, &alike(&planner).await.unwrap());
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), misses(&verdicts).join("\n"));
    assert_eq!(failures(&verdicts), Vec::<&shared::failure::Failure>::new());
    assert_eq!(used(&verdicts), None, "planning by rules costs no token");
}

#[test]
fn there_are_enough_goals_and_a_third_of_them_is_kept_aside() {
    let goals = own_goals().unwrap();
    let aside = goals.iter().filter(|goal| goal.set == Some(Set::Aside)).count();
    let ids: BTreeSet<&str> = goals.iter().map(|goal| goal.id.as_str()).collect();
    let texts: BTreeSet<&str> = goals.iter().map(|goal| goal.goal.as_str()).collect();
    assert!(goals.len() >= 200 && aside * 3 >= goals.len(), "{aside} of {} aside", goals.len());
    assert!(goals.iter().all(|goal| goal.set.is_some()), "every goal says whether the planner may be tuned on it");
    assert_eq!((ids.len(), texts.len()), (goals.len(), goals.len()), "a goal that stands twice counts twice");
}

#[test]
fn every_paraphrase_has_three_wordings() {
    let paraphrases = paraphrases().unwrap();
    assert!(paraphrases.len() >= 30);
    for paraphrase in paraphrases {
        let wordings: BTreeSet<&String> = paraphrase.goals.iter().collect();
        assert_eq!(wordings.len(), 3, "{}", paraphrase.id);
    }
}

#[test]
fn a_background_that_does_not_stand_in_its_goal_excuses_nothing() {
    for goal in own_goals().unwrap() {
        for piece in &goal.background {
            assert!(goal.goal.contains(piece.as_str()), "{}: {piece}", goal.id);
        }
    }
}

#[test]
fn the_documented_figures_are_of_the_goals_that_there_are() {
    let written = include_str!("../../docs/QUALITY.md");
    let mut counts = BTreeMap::from([("**all**", 0)]);
    let goals = own_goals().unwrap();
    for goal in &goals {
        *counts.entry(goal.source.as_str()).or_default() += 1;
        *counts.entry("**all**").or_default() += 1;
    }
    for (source, count) in counts {
        let row = written.lines().find_map(|line| line.strip_prefix(&format!("| {source} | ")));
        let right = row.and_then(|row| row.split(" | ").next()).unwrap_or_default();
        assert!(right.contains(&format!(" of {count} (")), "run make eval: {source} has {count} goals, not {right}");
    }
    let wordings = format!(" of {} (", paraphrases().unwrap().len());
    let line = written.lines().find(|line| line.contains("in all three wordings")).unwrap_or_default();
    assert!(line.contains(&wordings), "run make eval: {line}");
}

#[test]
fn a_goal_never_waits_for_a_block_that_does_not_exist() {
    let catalogue = Catalogue::embedded().unwrap();
    for goal in own_goals().unwrap() {
        for name in
            goal.wanted.blocks.iter().chain(goal.if_understood.iter().flat_map(|wanted| &wanted.blocks)).flatten()
        {
            assert!(catalogue.by_name(&format!("{name}Block")).is_some(), "{}: {name}", goal.id);
        }
    }
}
