//! The built-in planner is worth using: it keeps the figures that are promised for it.

#[path = "../eval/measure.rs"]
mod measure;

use generator::Builtin;
use measure::{failures, figures, measured, misses, used};

#[tokio::test]
async fn a_person_gets_the_agent_they_meant_or_an_honest_no_as_often_as_promised() {
    let verdicts = measured(&Builtin::new()).await.unwrap();
    let broken = figures(&verdicts, None).broken_promises();
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), misses(&verdicts).join("\n"));
    assert_eq!(failures(&verdicts), Vec::<&shared::failure::Failure>::new());
    assert_eq!(used(&verdicts), None, "planning by rules costs no token");
}

#[tokio::test]
async fn the_goals_are_many_enough_and_a_third_of_them_was_kept_aside_for_the_figures_to_mean_something() {
    let verdicts = measured(&Builtin::new()).await.unwrap();
    let all = figures(&verdicts, None);
    let kept_aside = figures(&verdicts, Some(measure::Set::Test));
    assert!(verdicts.len() >= 75 && all.vague.of >= 12 && all.unachievable.of >= 12 && all.asked.of >= 6, "{all:?}");
    let aside = [kept_aside.built, kept_aside.vague, kept_aside.unachievable, kept_aside.asked];
    assert!(aside.iter().map(|share| share.of).sum::<usize>() * 10 >= verdicts.len() * 3, "{kept_aside:?}");
}
