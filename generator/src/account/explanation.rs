//! What an agent does, in plain words: from its graph, in the order of its links.

use super::{
    cron,
    graph::Graph,
    phrases::{GIVES, Role, Way, condition, opening, phrase, roles},
    walk::{Settings, Walk},
    words::{lower_first, upper_first},
};

/// In Unicode characters.
const LONGEST: usize = 600;
/// A sentence with more phrases is two.
const PHRASES: usize = 4;

pub(super) fn explanation(graph: &Graph<'_>) -> String {
    let mut text = Text { begin: begin(graph), ..Text::default() };
    let mut walk = Walk::new(graph);
    let roles = roles(graph);
    let mut settings = Settings::default();
    let mut current = 0;
    while let Some(at) = walk.next(current).filter(|_| !text.full) {
        let setting = walk.visit(at, &mut settings);
        let Some(node) = graph.nodes.get(at).filter(|_| matches!(roles.get(at), Some(Role::Act | Role::Output))) else {
            continue;
        };
        text.say(setting != current, || lead(graph, &settings, setting, current), phrase(graph, at, node));
        current = setting;
    }
    text.end_sentence();
    text.told
}

/// "Every weekday at 8:00: "
fn begin(graph: &Graph<'_>) -> String {
    let schedule = graph.cron.as_deref().map(str::trim).filter(|cron| !cron.is_empty()).map(cron::in_words);
    let all: Vec<String> = schedule.into_iter().chain(graph.nodes.iter().find_map(opening)).collect();
    if all.is_empty() { String::new() } else { format!("{}: ", all.join(", and ")) }
}

/// "If the text mentions a loss: "
fn lead(graph: &Graph<'_>, settings: &Settings, setting: usize, before: usize) -> String {
    let Some((at, way)) = settings.by(setting) else { return "Then ".to_owned() };
    let otherwise = settings.by(before).is_some_and(|(other, _)| other == at);
    match way {
        Way::Each(item) => format!("For each {item}: "),
        _ if otherwise => "Otherwise: ".to_owned(),
        Way::Yes => format!("If {}: ", condition(graph, at)),
        Way::No => format!("Unless {}: ", condition(graph, at)),
    }
}

#[derive(Default)]
struct Text {
    /// Begins the first sentence.
    begin: String,
    told: String,
    lead: String,
    phrases: Vec<String>,
    /// There was no room for a sentence, so nothing can follow.
    full: bool,
}

impl Text {
    fn say(&mut self, elsewhere: bool, lead: impl FnOnce() -> String, phrase: String) {
        if elsewhere || self.phrases.len() >= PHRASES {
            self.end_sentence();
            let lead = if elsewhere { lead() } else { "Then ".to_owned() };
            let begin = std::mem::take(&mut self.begin);
            self.lead = if begin.is_empty() { lead } else { begin + &lower_first(&lead) };
        } else if self.phrases.contains(&phrase) {
            return;
        }
        match (self.phrases.last_mut(), phrase.strip_prefix(GIVES)) {
            (Some(last), Some(what)) if last.starts_with(GIVES) => last.extend([" and ", what]),
            _ => self.phrases.push(phrase),
        }
    }

    fn end_sentence(&mut self) {
        let phrases = std::mem::take(&mut self.phrases);
        if phrases.is_empty() || self.full {
            return;
        }
        let lead = std::mem::take(&mut self.begin) + &std::mem::take(&mut self.lead);
        let gap = if self.told.is_empty() { "" } else { " " };
        let room = LONGEST.saturating_sub(self.told.chars().count() + gap.len());
        let said = |phrases: &[String]| upper_first(&format!("{lead}{}.", phrases.join(", ")));
        let fits = |text: &String| text.chars().count() <= room;
        // Only a first sentence is cut inside: without it nothing would be told.
        let least = if self.told.is_empty() { 1 } else { phrases.len() };
        let sentence = (least..=phrases.len()).rev().filter_map(|count| phrases.get(..count).map(said)).find(fits);
        match sentence {
            Some(sentence) => self.told.extend([gap, &sentence]),
            None => self.full = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::json::to_raw;

    use super::*;
    use crate::catalogue::{Blocks as _, EMBEDDED};

    /// Nodes are `(block, name, values)`, links `(from, output, to, input)`.
    fn told(head: Value, nodes: &[(&str, &str, Value)], links: &[(usize, &str, usize, &str)]) -> String {
        let id = |name: &str| EMBEDDED.by_name(name).map_or(name.to_owned(), |block| block.id.clone());
        let nodes = nodes.iter().enumerate().map(|(at, (block, name, values))| {
            json!({"id": at.to_string(), "block_id": id(block), "input_default": values, "metadata": {"customized_name": name}})
        });
        let links = links.iter().map(|(from, output, to, input)| {
            json!({"source_id": from.to_string(), "source_name": output, "sink_id": to.to_string(), "sink_name": input})
        });
        let mut agent = json!({"nodes": nodes.collect::<Vec<_>>(), "links": links.collect::<Vec<_>>()});
        agent.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
        let agent = to_raw(&agent).unwrap();
        explanation(&Graph::of_agent(&EMBEDDED, &agent))
    }

    #[test]
    fn a_person_reads_in_order_what_the_agent_does_when_and_with_what() {
        let nodes = [
            ("AgentInputBlock", "", json!({"name": "Feed"})),
            ("ReadRSSFeed", "Read feed", json!({})),
            ("AITextSummarizer", "Sum up each new entry", json!({})),
            ("SendSlackMessage", "Post to Slack", json!({"channel": "#news", "api_key": "hunter2"})),
        ];
        let links = [(0, "result", 1, "rss_url"), (1, "entries", 2, "text"), (2, "summary", 3, "text")];
        assert_eq!(
            told(json!({"recommended_schedule_cron": "0 8 * * 1-5"}), &nodes, &links),
            "Every weekday at 8:00: reads the feed (the feed you give), sums up each new entry, posts to Slack (#news)."
        );
    }

    #[test]
    fn an_input_that_is_the_persons_own_is_told_as_theirs() {
        let nodes = [
            ("AgentInputBlock", "", json!({"name": "Your e-mail address"})),
            ("SendEmail", "Send e-mail", json!({"subject": "News"})),
        ];
        assert_eq!(
            told(json!({}), &nodes, &[(0, "result", 1, "to_email")]),
            r#"Sends an e-mail (to your e-mail address, subject "News")."#
        );
    }

    #[test]
    fn both_outcomes_of_a_condition_are_told() {
        let nodes = [
            ("ReadRSSFeed", "Read feed", json!({})),
            ("StepThroughItems", "Each", json!({})),
            ("AICondition", "Check", json!({"condition": "the entry is about Rust"})),
            ("SendSlackMessage", "Post to Slack", json!({"channel": "#rust"})),
            ("SendEmail", "Send e-mail", json!({"to_email": "ann@example.com"})),
        ];
        let links = [
            (0, "entries", 1, "items"),
            (1, "item", 2, "input_value"),
            (2, "yes_output", 3, "text"),
            (2, "no_output", 4, "body"),
        ];
        assert_eq!(
            told(json!({}), &nodes, &links),
            "Reads the feed. If the entry is about Rust: posts to Slack (#rust). Otherwise: sends an e-mail (to ann@example.com)."
        );
        assert_eq!(
            told(
                json!({}),
                &nodes,
                &[(0, "entries", 1, "items"), (1, "item", 2, "input_value"), (2, "no_output", 3, "text")]
            ),
            "Reads the feed, sends an e-mail (to ann@example.com). Unless the entry is about Rust: posts to Slack (#rust)."
        );
    }

    #[test]
    fn what_runs_for_each_item_is_told_apart_from_what_runs_once() {
        let nodes = [
            ("ReadRSSFeed", "Read feed", json!({})),
            ("AITextSummarizer", "Summarise", json!({})),
            ("SendSlackMessage", "Post to Slack", json!({})),
        ];
        assert_eq!(
            told(json!({}), &nodes, &[(0, "entry", 1, "text"), (1, "summary", 2, "text")]),
            "Reads the feed. For each entry: summarises it, posts to Slack."
        );
    }

    #[test]
    fn an_unknown_block_is_told_by_its_name_and_a_circle_ends() {
        let nodes =
            [("made-up", "Grill the sausage", json!({})), ("other", "Nightly thing", json!({})), ("", "", json!({}))];
        assert_eq!(
            told(json!({}), &nodes, &[(0, "a", 1, "b"), (1, "a", 0, "b"), (2, "a", 2, "b")]),
            "Grills the sausage, runs \"Nightly thing\", runs an unknown block."
        );
        assert_eq!(told(json!({"recommended_schedule_cron": "0 8 * * *"}), &[], &[]), "");
    }

    #[test]
    fn an_explanation_ends_with_a_sentence_before_600_characters() {
        let nodes: Vec<_> =
            (0..1_000).map(|at| ("x", format!("Call the service number {at} of many"), json!({}))).collect();
        let nodes: Vec<_> = nodes.iter().map(|(block, name, values)| (*block, name.as_str(), values.clone())).collect();
        let links: Vec<_> = (1..1_000).map(|at| (at - 1, "a", at, "b")).collect();
        let text = told(json!({}), &nodes, &links);
        assert!((450..=600).contains(&text.chars().count()) && text.ends_with(" of many."), "{text}");
        let long = "ä".repeat(5_000);
        let text = told(json!({"recommended_schedule_cron": "x".repeat(590)}), &[("x", &long, json!({}))], &[]);
        assert!(text.chars().count() <= 600, "{text}");
    }
}
