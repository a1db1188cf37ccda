//! Questions of a planner to the person. A client that can shows them as a form, and calls the tool again with the answers:
//! nothing is remembered here between the two.

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use shared::{
    json::{Object, first_chars},
    refusal::Refusal,
};

use crate::{
    answer::written,
    client::Client,
    fault::{Code, Fault},
};

/// The name of the one request for input, and of its answer.
const ANSWERS: &str = "answers";
/// At most this many are asked at once.
const MOST: usize = 10;
/// Of a question that comes back in the state, in characters.
const LONGEST: usize = 300;

/// What came of a form that was shown. Empty if the person has declined.
pub(crate) struct Given(Vec<(String, String)>);

#[derive(Deserialize)]
struct Question {
    question: String,
    #[serde(default)]
    example: Option<String>,
}

impl Given {
    /// `None` if nothing was asked.
    ///
    /// # Errors
    /// The answers do not look like those of a form.
    pub(crate) fn parse(params: &Object<'_>) -> Result<Option<Self>, Fault> {
        let Some(responses) = params.get("inputResponses") else { return Ok(None) };
        let unfit = || Fault::new(Code::InvalidParams, "params.inputResponses must have the answers to the form.");
        let answers = Object::of(responses).ok_or_else(unfit)?.get(ANSWERS).and_then(Object::of).ok_or_else(unfit)?;
        if answers.string("action").as_deref() != Some("accept") {
            return Ok(Some(Self(Vec::new())));
        }
        // The state is the questions, by their places. A client could forge it, and would only mislead itself.
        let state = params.string("requestState").unwrap_or_default();
        let questions: Vec<String> = serde_json::from_str(&state).unwrap_or_default();
        let content = answers.get("content").and_then(Object::of).unwrap_or_default();
        let given = questions.into_iter().take(MOST).enumerate().filter_map(|(at, question)| {
            let answer = content.text(&field(at)).filter(|answer| !answer.trim().is_empty())?;
            Some((first_chars(&question, LONGEST).to_owned(), answer.into_owned()))
        });
        Ok(Some(Self(given.collect())))
    }

    /// For the planner, as a person would write it.
    pub(crate) fn context(&self) -> Option<String> {
        let lines: Vec<String> = self.0.iter().map(|(question, answer)| format!("{question} {answer}")).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

fn field(at: usize) -> String {
    format!("answer_{}", at + 1)
}

/// The result that makes the client show a form. `None` if there is no question, the client has no form, or it has been
/// asked before: then the model gets the questions.
pub(crate) fn ask(body: &Object<'_>, client: &Client, given: Option<&Given>) -> Result<Option<Box<RawValue>>, Refusal> {
    let is_asked = body.string("type").as_deref() == Some("clarifying_questions");
    if !is_asked || given.is_some() || !client.asks_its_person {
        return Ok(None);
    }
    let questions: Vec<Question> =
        body.get("questions").and_then(|list| serde_json::from_str(list.get()).ok()).unwrap_or_default();
    if questions.is_empty() {
        return Ok(None);
    }
    let mut properties = Map::new();
    let mut state: Vec<&str> = Vec::new();
    for (at, question) in questions.iter().take(MOST).enumerate() {
        let mut property = json!({"type": "string", "title": question.question});
        if let (Some(example), Some(property)) = (&question.example, property.as_object_mut()) {
            property.insert("description".to_owned(), format!("For example: {example}").into());
        }
        properties.insert(field(at), property);
        state.push(first_chars(&question.question, LONGEST));
    }
    let form = json!({
        "mode": "form",
        "message": body.string("message").unwrap_or_default(),
        "requestedSchema": {"type": "object", "properties": properties},
    });
    written(&json!({
        "resultType": "input_required",
        "inputRequests": {ANSWERS: {"method": "elicitation/create", "params": form}},
        "requestState": Value::from(state).to_string(),
    }))
    .map(Some)
}
