//! Answers that end too early.

use shared::error_type::ErrorType;

use super::{changed, decomposition, patch, plan, pretty};

/// What is said of an answer that ends after `text`.
fn told(text: &str) -> String {
    let Err(failure) = decomposition(text) else { panic!("{text}") };
    assert_eq!(failure.error_type, ErrorType::LlmParseError);
    failure.service_error
}

#[test]
fn it_is_said_where_an_answer_ends_and_not_what_it_says() {
    let text = pretty(&plan());
    let until = |mark: &str| text.get(..text.find(mark).unwrap() + mark.len()).unwrap().to_owned();
    for (end, place) in [
        ("{{entry", "steps[2].inputs[1].value"),
        ("\"title\": \"Slack", "steps[0].title"),
        ("\"number\": 1", "steps[0].number"),
        ("\"name\": \"Feed to Slack\",", "the answer"),
        ("\"block\":", "steps[0].block"),
        ("\"steps\": [", "steps"),
    ] {
        let said = told(&until(end));
        assert!(said.ends_with(&format!("it ends in the middle of {place}")), "{end}: {said}");
    }
}

#[test]
fn a_plan_that_was_cut_off_is_never_a_shorter_plan() {
    let text = plan().to_string();
    // Up to the end of the list of steps.
    let steps = plan()["steps"].to_string();
    let whole = text.find(&steps).unwrap() + steps.len() - 1;
    for at in (2..=whole).step_by(5).chain(whole - 40..=whole).filter(|at| text.is_char_boundary(*at)) {
        let cut = text.get(..at).unwrap();
        if let Ok(other) = decomposition(cut) {
            panic!("{other:?} of {cut}");
        }
    }
}

#[test]
fn patches_that_were_cut_off_are_never_made_in_part() {
    let text = patch().1.to_string();
    for at in (2..text.len() - 2).step_by(5).filter(|at| text.is_char_boundary(*at)) {
        let cut = text.get(..at).unwrap();
        assert!(changed(cut).is_err(), "{cut}");
    }
}

#[test]
fn an_answer_that_is_whole_before_its_end_is_used() {
    let text = plan().to_string();
    for rest in ["\n\nThis agent reads", "\n```\nIt {", " {\"type\": \"inst"] {
        super::is_the_plan(rest, &format!("{text}{rest}"));
    }
}
