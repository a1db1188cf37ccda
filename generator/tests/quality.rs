//! The quality of the rules as `make eval` measures it: it must not fall below what is promised.

#[path = "../eval/measure.rs"]
mod measure;

use generator::Builtin;
use measure::{failures, figures, measured, misses, used};

#[tokio::test]
async fn goals_get_the_expected_answer_as_often_as_promised() {
    let verdicts = measured(&Builtin::new()).await.unwrap();
    let broken = figures(&verdicts, None).broken_promises();
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), misses(&verdicts).join("\n"));
    assert_eq!(failures(&verdicts), Vec::<&shared::failure::Failure>::new());
    assert_eq!(used(&verdicts), None, "planning by rules costs no token");
}

#[tokio::test]
async fn there_are_enough_goals_and_a_third_of_them_is_kept_for_the_test_set() {
    let verdicts = measured(&Builtin::new()).await.unwrap();
    let all = figures(&verdicts, None);
    let kept_aside = figures(&verdicts, Some(measure::Set::Test));
    assert!(verdicts.len() >= 75 && all.vague.of >= 12 && all.unachievable.of >= 12 && all.asked.of >= 6, "{all:?}");
    let aside = [kept_aside.built, kept_aside.vague, kept_aside.unachievable, kept_aside.asked];
    assert!(aside.iter().map(|share| share.of).sum::<usize>() * 10 >= verdicts.len() * 3, "{kept_aside:?}");
}
