//! Changes to the order of steps.

use crate::fixture::{SLACK, agent, changed, leads, names, node, patched};

const TRANSLATED: &str = "Read a web page, translate it into French, summarise it and post the summary to Slack";

#[test]
fn reordered_steps_still_deliver_the_result() {
    let before = agent(TRANSLATED);
    let (translate, summarise) = ("AITextGeneratorBlock", "AITextSummarizerBlock");
    assert!(leads(&before, translate, summarise));
    for wish in [
        "summarise before translating",
        "Please summarise it before you translate it",
        "move the summary before the translation",
        "move the translation after the summary",
        "translate after summarising",
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, summarise, translate) && !leads(&after, translate, summarise), "{wish}");
        assert!(leads(&after, translate, "SendSlackMessageBlock"), "{wish}: nothing would be posted");
        assert!(leads(&after, "ExtractWebsiteContentBlock", summarise), "{wish}: there would be nothing to summarise");
        let x = |block: &str| node(&after, block)["metadata"]["position"]["x"].as_i64().unwrap();
        assert!(x(summarise) < x(translate), "{wish}: the drawing would read from right to left");
        assert_eq!(names(&after).len(), names(&before).len(), "{wish}");
    }
}

#[test]
fn an_order_that_already_is_or_cannot_be_is_reported() {
    for (goal, wish, words) in [
        (TRANSLATED, "translate before summarising", "already"),
        (TRANSLATED, "move the summary before the summary", "itself"),
        (TRANSLATED, "move the summary before the web page", "begins the work"),
        (TRANSLATED, "move the weather before the summary", "There is no step"),
        ("Summarise a web page, post it to Slack and post it to Discord", "move Slack before Discord", "do not wait"),
    ] {
        match patched(&agent(goal), wish) {
            Err(failure) => assert!(failure.service_error.contains(words), "{wish}: {}", failure.service_error),
            other => panic!("{wish}: {other:?}"),
        }
    }
}

#[test]
fn a_new_step_goes_where_it_was_requested() {
    let before = agent(SLACK);
    for wish in [
        "translate the summary into French before posting it to Slack",
        "add a step that translates the summary into French before the Slack step",
    ] {
        let after = changed(&before, wish);
        let (translate, summarise) = ("AITextGeneratorBlock", "AITextSummarizerBlock");
        assert!(leads(&after, summarise, translate) && leads(&after, translate, "SendSlackMessageBlock"), "{wish}");
        let slack = node(&after, "SendSlackMessageBlock")["id"].clone();
        let translated = node(&after, translate)["id"].clone();
        let links = after["links"].as_array().unwrap().iter().filter(|link| link["sink_id"] == slack);
        assert!(links.into_iter().any(|link| link["source_id"] == translated), "{wish}");
    }
}
