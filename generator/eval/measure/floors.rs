//! What is promised for the rules, in one place. Raise a floor when the planner gets better; never lower one.

use super::{
    figures::{Figures, Share, figures},
    goal::Set,
    judge::Verdict,
    paraphrases::Alike,
    recall::{self, ENGLISH, WINDOWS},
    wishes::{self, alike::Alike as AlikeWishes},
};

/// Percent.
struct Floors {
    /// Of the answers hold in all that the goal says.
    right: usize,
    /// Of the answers are of the right kind.
    kind: usize,
    /// Of the agents drop nothing in silence.
    complete: usize,
}

/// Of the goals that the planner may be tuned on.
const TUNED: Floors = Floors { right: 75, kind: 95, complete: 92 };
/// Of the goals that it may not: the sets `test` and `aside`.
const ASIDE: Floors = Floors { right: 52, kind: 78, complete: 72 };
/// Of all agents.
const VALID: usize = 100;
/// Of the goals in several wordings get the same blocks in all of them.
const ALIKE: usize = 20;

/// Percent of the blocks that goals in any language need, within reach of a language model with the usual window.
const REACHABLE: usize = 95;
/// Of those of English goals have a card, with the usual window and with a small one.
const CARDS: [usize; 2] = [85, 65];

/// The floors of what a language model is sent that it falls short of.
pub(crate) async fn broken_recall_floors() -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut broken = Vec::new();
    for (nth, (window, cards)) in WINDOWS.into_iter().zip(CARDS).enumerate() {
        for (lang, recall) in recall::recall(window).await? {
            if nth == 0 {
                broken.extend(below([(format!("{lang}: reachable blocks"), recall.reachable, REACHABLE)]));
            }
            if lang == ENGLISH {
                broken.extend(below([(format!("cards in {window} tokens"), recall.card, cards)]));
            }
        }
    }
    Ok(broken)
}

impl Floors {
    fn broken(&self, name: &str, figures: &Figures) -> Vec<String> {
        let floors = [
            ("are right", figures.right, self.right),
            ("are of the right kind", figures.kind, self.kind),
            ("drop nothing", figures.complete, self.complete),
        ];
        below(floors.map(|(what, share, percent)| (format!("{name}: answers that {what}"), share, percent)))
    }
}

/// The floors that the planner falls short of.
pub(crate) fn broken_floors(verdicts: &[Verdict], alike: &Alike) -> Vec<String> {
    let of = |aside: bool| figures(verdicts.iter().filter(|verdict| (verdict.goal.set != Some(Set::Tune)) == aside));
    let mut broken = TUNED.broken("tuned goals", &of(false));
    broken.extend(ASIDE.broken("goals kept aside", &of(true)));
    broken.extend(below([
        ("valid agents".to_owned(), figures(verdicts).valid, VALID),
        ("wordings with the same blocks".to_owned(), alike.all, ALIKE),
    ]));
    broken
}

/// Percent of the wishes for changes.
struct WishFloors {
    right: usize,
    /// At most so many report success though what was wished is not done.
    silent: usize,
}

const TUNED_WISHES: WishFloors = WishFloors { right: 60, silent: 15 };
const TEST_WISHES: WishFloors = WishFloors { right: 40, silent: 15 };
/// Of the wishes in several wordings change the agent in the same way in all of them.
const ALIKE_WISHES: usize = 0;

/// The floors for changes that the planner falls short of.
pub(crate) fn broken_wish_floors(verdicts: &[wishes::judge::Verdict], alike: &AlikeWishes) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, set, WishFloors { right, silent }) in
        [("tuned", Set::Tune, TUNED_WISHES), ("of the test set", Set::Test, TEST_WISHES)]
    {
        let figures = wishes::figures::figures(verdicts.iter().filter(|verdict| verdict.wish.set == Some(set)));
        broken.extend(below([(format!("wishes {name}: right"), figures.right, right)]));
        if figures.silent.is_at_least(silent + 1) {
            broken.push(format!("wishes {name}: silent successes: {}, at most {silent} % promised", figures.silent));
        }
    }
    broken.extend(below([("wishes with the same change in all wordings".to_owned(), alike.same, ALIKE_WISHES)]));
    broken
}

fn below(floors: impl IntoIterator<Item = (String, Share, usize)>) -> Vec<String> {
    let broken = floors.into_iter().filter(|(_, share, percent)| !share.is_at_least(*percent));
    broken.map(|(what, share, percent)| format!("{what}: {share}, promised {percent} %")).collect()
}
