//! The quality of the rules as `make eval` measures it: it must not fall below what is promised.

#[allow(dead_code, reason = "the report shows more than the floors need")]
#[path = "../eval/measure/mod.rs"]
mod measure;

use std::collections::{BTreeMap, BTreeSet};

use generator::{Builtin, catalogue::Catalogue, validator};
use measure::{
    failures,
    floors::{broken_floors, broken_recall_floors, broken_wish_floors},
    goal::Set,
    measured, misses, own_goals,
    paraphrases::{alike, paraphrases},
    recall::translations,
    used,
    wishes::{agents::stored_agents, fulfilled, wish::own_wishes},
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
    let aside = goals.iter().filter(|goal| goal.set != Some(Set::Tune)).count();
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

#[tokio::test]
async fn wishes_are_fulfilled_as_often_as_promised() {
    let (verdicts, alike) = fulfilled(&Builtin::new(), own_wishes().unwrap()).await.unwrap();
    let broken = broken_wish_floors(&verdicts, &alike);
    let misses: Vec<String> = verdicts.iter().filter_map(|verdict| verdict.miss()).collect();
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), misses.join("\n"));
}

#[test]
fn there_are_enough_wishes_of_every_kind_and_size_and_a_third_of_them_is_kept_aside() {
    let wishes = own_wishes().unwrap();
    let aside = wishes.iter().filter(|wish| wish.set == Some(Set::Test)).count();
    assert!(wishes.len() >= 130 && aside * 3 >= wishes.len(), "{aside} of {} aside", wishes.len());
    assert!(wishes.iter().all(|wish| wish.set.is_some()), "every wish says whether the planner may be tuned on it");
    let ids: BTreeSet<&str> = wishes.iter().map(|wish| wish.id.as_str()).collect();
    let texts: BTreeSet<&str> = wishes.iter().map(|wish| wish.wish.as_str()).collect();
    assert_eq!((ids.len(), texts.len()), (wishes.len(), wishes.len()), "a wish that stands twice counts twice");
    let kinds: BTreeSet<&str> = wishes.iter().map(|wish| wish.kind.as_str()).collect();
    assert_eq!(kinds.len(), 20, "{kinds:?}");
    let nodes = |agent: &serde_json::Value| agent["nodes"].as_array().unwrap().len();
    let sizes: Vec<usize> = wishes.iter().map(|wish| nodes(&wish.agent)).collect();
    for (what, sizes_of_it) in [("small", 3..=6), ("medium", 7..=20), ("large", 300..=310)] {
        let count = sizes.iter().filter(|size| sizes_of_it.contains(*size)).count();
        assert!(count >= 12, "{count} {what} agents: {sizes:?}");
    }
}

#[test]
fn every_wish_in_several_wordings_stands_there_three_times_and_expects_the_same() {
    let wishes = own_wishes().unwrap();
    let mut groups = BTreeMap::<&str, Vec<String>>::new();
    for wish in &wishes {
        let expected = format!("{} {:?} {:?} {:?}", wish.agent, wish.set, wish.expect, wish.touches);
        wish.same.iter().for_each(|same| groups.entry(same).or_default().push(expected.clone()));
    }
    assert!(groups.len() >= 10);
    for (same, expected) in groups {
        assert!(expected.len() == 3 && expected.iter().all(|one| *one == expected[0]), "{same}: {expected:#?}");
    }
}

#[test]
fn the_agents_of_the_wishes_are_valid_but_for_blocks_that_nobody_knows() {
    let catalogue = Catalogue::embedded().unwrap();
    let is_known = |fault: &String| !fault.ends_with("which does not exist");
    for (name, agent) in stored_agents().unwrap() {
        let faults: Vec<String> = validator::faults(&catalogue, &agent).into_iter().filter(is_known).collect();
        assert_eq!(faults, [""; 0], "{name}");
    }
    for wish in own_wishes().unwrap() {
        let faults: Vec<String> = validator::faults(&catalogue, &wish.agent).into_iter().filter(is_known).collect();
        assert_eq!(faults, [""; 0], "{}", wish.id);
    }
}

#[test]
fn the_nodes_of_a_shuffled_agent_do_not_stand_in_the_order_in_which_they_run() {
    for wish in own_wishes().unwrap().into_iter().filter(|wish| wish.shuffled) {
        let nodes = wish.agent["nodes"].as_array().unwrap();
        let at = |id: &serde_json::Value| nodes.iter().position(|node| node["id"] == *id).unwrap();
        let links = wish.agent["links"].as_array().unwrap();
        let against = links.iter().filter(|link| at(&link["sink_id"]) < at(&link["source_id"])).count();
        assert!(against * 2 >= links.len(), "{}: {against} of {} links", wish.id, links.len());
    }
}

#[test]
fn a_wish_never_waits_for_a_block_or_a_field_that_does_not_exist() {
    let catalogue = Catalogue::embedded().unwrap();
    for wish in own_wishes().unwrap() {
        let ends = wish.expect.links.iter().flat_map(|(from, to)| [from, to]);
        let places = wish.expect.values.keys().chain(ends).map(|key| key.rsplit_once('.').unwrap());
        let places: Vec<(&str, &str)> = places.collect();
        let blocks = wish.expect.has_blocks.iter().chain(&wish.expect.lacks_blocks).map(|some| (some.as_str(), "*"));
        for (some, fields) in places.iter().copied().chain(blocks) {
            let blocks: Vec<&str> = some.split('|').map(|block| block.split('#').next().unwrap()).collect();
            let unknown = |block: &&str| catalogue.by_name(&format!("{block}Block")).is_none();
            let in_agent = |block: &&str| wish.agent.to_string().contains(*block);
            assert!(!blocks.iter().any(|block| unknown(block) && !in_agent(block)), "{}: {some}", wish.id);
            let known: Vec<_> = blocks.iter().filter_map(|block| catalogue.by_name(&format!("{block}Block"))).collect();
            for field in fields.split('|').filter(|field| !["*", "@title"].contains(field)) {
                let has = |block: &&generator::catalogue::Block| {
                    [block.input_schema(), block.output_schema()]
                        .iter()
                        .any(|schema| schema.properties.get(field).is_some())
                };
                assert!(known.len() < blocks.len() || known.iter().any(has), "{}: {some}.{field}", wish.id);
            }
        }
    }
}

#[test]
fn the_documented_figures_are_of_the_wishes_that_there_are() {
    let written = include_str!("../../docs/QUALITY.md");
    let (_, changes) = written.split_once("## Changes").unwrap();
    let mut counts = BTreeMap::from([("**all**", 0)]);
    let wishes = own_wishes().unwrap();
    for wish in &wishes {
        *counts.entry(wish.kind.as_str()).or_default() += 1;
        *counts.entry("**all**").or_default() += 1;
    }
    for (kind, count) in counts {
        let row = changes.lines().find_map(|line| line.strip_prefix(&format!("| {kind} | ")));
        let right = row.and_then(|row| row.split(" | ").next()).unwrap_or_default();
        assert!(right.contains(&format!(" of {count} (")), "run make eval: {kind} has {count} wishes, not {right}");
    }
}

#[tokio::test]
async fn a_language_model_can_reach_the_blocks_of_a_goal_in_any_language() {
    let broken = broken_recall_floors().await.unwrap();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_language_has_enough_translated_goals() {
    let goals = own_goals().unwrap();
    let mut counts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in translations().unwrap() {
        let known = goals.iter().find(|goal| goal.id == one.id).unwrap();
        assert!(!known.wanted.blocks.is_empty() && known.goal != one.goal, "{}", one.id);
        counts.entry(one.lang).or_default().insert(one.id);
    }
    assert!(counts.len() >= 9 && counts.values().all(|ids| ids.len() >= 15), "{counts:?}");
}
