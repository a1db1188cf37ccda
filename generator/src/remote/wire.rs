//! Parses the answers of a remote generator. Every function fails with the failure that the answer reports, or
//! `invalid_response`.

use http_client::HttpResponse;
use serde_json::value::RawValue;
use shared::{
    account::Account,
    failure::Failure,
    json::{self, Object},
    port::{Decomposition, Draft, Drafted, Health, Question},
};

use super::envelope::{TAKEN_OVER, invalid, parse_reply, reported};
use crate::account::left_out;

/// More are not for a person to answer.
const MAX_QUESTIONS: usize = 1_000;

pub fn decomposition(reply: &HttpResponse) -> Result<Decomposition, Failure> {
    parse_reply(reply, parse_decomposition)
}

/// The answer to generate and patch.
pub fn draft(reply: &HttpResponse) -> Result<Drafted, Failure> {
    parse_reply(reply, parse_draft).map(Drafted::Now)
}

/// The answer to generate and patch for an operation. 202 with any body: the generator has taken the job over.
pub fn draft_or_handover(reply: &HttpResponse) -> Result<Drafted, Failure> {
    if reply.status == TAKEN_OVER { Ok(Drafted::HandedOver) } else { draft(reply) }
}

/// A JSON array.
pub fn blocks(reply: &HttpResponse) -> Result<Box<RawValue>, Failure> {
    parse_reply(reply, parse_blocks)
}

pub fn health(reply: &HttpResponse) -> Result<Health, Failure> {
    parse_reply(reply, parse_health)
}

pub(super) fn parse_decomposition(answer: Object<'_>) -> Result<Decomposition, Failure> {
    let answer = reported(answer)?;
    let text = |key| answer.text(key).map(std::borrow::Cow::into_owned);
    match answer.string("type").as_deref() {
        Some("instructions") => match answer.get("steps") {
            Some(steps) if json::is_array(steps) => {
                Ok(Decomposition::Instructions { steps: steps.to_owned(), account: told(&answer) })
            }
            Some(_) => Err(invalid("Agent Generator returned steps that are not an array")),
            None => Ok(Decomposition::Instructions {
                steps: RawValue::from_string("[]".to_owned())
                    .map_err(|_| invalid("Agent Generator returned no steps"))?,
                account: told(&answer),
            }),
        },
        Some("clarifying_questions") => questions(&answer).map(Decomposition::ClarifyingQuestions),
        Some("unachievable_goal") => {
            Ok(Decomposition::UnachievableGoal { reason: text("reason"), suggested_goal: text("suggested_goal") })
        }
        Some("vague_goal") => Ok(Decomposition::VagueGoal { suggested_goal: text("suggested_goal") }),
        _ => {
            let found = answer.text("type").unwrap_or("none".into());
            Err(invalid(&format!("Unknown response type from Agent Generator: {found}")))
        }
    }
}

pub(super) fn parse_draft(answer: Object<'_>) -> Result<Draft, Failure> {
    let answer = reported(answer)?;
    if answer.string("type").is_some_and(|name| name == "clarifying_questions") {
        return questions(&answer).map(Draft::ClarifyingQuestions);
    }
    match answer.get("agent_json") {
        Some(agent) if json::is_object(agent) => Ok(Draft::Agent(agent.to_owned(), told(&answer))),
        Some(_) => Err(invalid("Agent Generator returned an agent_json that is not an object")),
        None => Err(invalid("Agent Generator returned no agent_json")),
    }
}

/// What the generator itself says that it left out.
fn told(answer: &Object<'_>) -> Box<Account> {
    let left_out = answer.get("left_out").map(left_out).unwrap_or_default();
    Box::new(Account { left_out, ..Account::default() })
}

fn parse_blocks(answer: Object<'_>) -> Result<Box<RawValue>, Failure> {
    match reported(answer)?.get("blocks") {
        Some(blocks) if json::is_array(blocks) => Ok(blocks.to_owned()),
        Some(_) => Err(invalid("Agent Generator returned blocks that are not an array")),
        None => Err(invalid("Agent Generator returned no blocks")),
    }
}

/// The answer to health has no `success`. A missing field counts as false.
fn parse_health(answer: Object<'_>) -> Result<Health, Failure> {
    Ok(Health {
        healthy: answer.string("status").is_some_and(|status| status == "healthy"),
        blocks_loaded: answer.get("blocks_loaded").is_some_and(|loaded| loaded.get() == "true"),
    })
}

fn questions(answer: &Object<'_>) -> Result<Vec<Question>, Failure> {
    let Some(questions) = answer.get("questions") else {
        return Ok(Vec::new());
    };
    if json::count(questions) > MAX_QUESTIONS {
        return Err(invalid(&format!("Agent Generator returned more than {MAX_QUESTIONS} questions")));
    }
    json::elements(questions)
        .ok_or_else(|| invalid("Agent Generator returned questions that are not an array"))?
        .into_iter()
        .map(question)
        .collect()
}

fn question(element: &RawValue) -> Result<Question, Failure> {
    if let Some(question) = json::string(element) {
        return Ok(Question { question: question.into_owned(), keyword: String::new(), example: None });
    }
    let fields = Object::of_keys(element, &["question", "keyword", "example"])
        .ok_or_else(|| invalid("Agent Generator returned a question that is neither a string nor an object"))?;
    let text = |key| fields.text(key).map(std::borrow::Cow::into_owned);
    Ok(Question {
        question: text("question").unwrap_or_default(),
        keyword: text("keyword").unwrap_or_default(),
        example: text("example"),
    })
}

#[cfg(test)]
mod tests {
    use http_client::Body;
    use reqwest::header::HeaderMap;
    use shared::error_type::ErrorType;

    use super::*;

    fn reply(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, headers: HeaderMap::new(), body: Body::Whole(body.as_bytes().to_vec()) }
    }

    fn failed(status: u16, body: &str) -> (String, String) {
        let failure = decomposition(&reply(status, body)).unwrap_err();
        assert_eq!(failure.upstream_status, Some(status));
        (failure.error_type.name().to_owned(), failure.service_error)
    }

    #[test]
    fn an_error_status_without_an_error_type_is_classified() {
        for (status, class, text) in [
            (429, "rate_limit", "Agent Generator rate limited"),
            (503, "service_unavailable", "Agent Generator unavailable"),
            (504, "timeout", "Agent Generator timed out"),
            (408, "timeout", "Agent Generator timed out"),
            (302, "http_error", "HTTP error calling Agent Generator: status 302"),
            (418, "http_error", "HTTP error calling Agent Generator: status 418"),
            (500, "http_error", "HTTP error calling Agent Generator: status 500"),
        ] {
            for body in
                ["", "<html>", "[]", r#"{"error_type":""}"#, r#"{"error_type":7,"error":"x"}"#, r#"{"error":"x"}"#]
            {
                let (found, said) = failed(status, body);
                assert_eq!(found, class);
                assert!(said.starts_with(text), "{said}");
            }
        }
    }

    #[test]
    fn the_error_type_in_the_body_of_an_error_status_is_kept() {
        assert_eq!(
            failed(400, r#"{"error_type":"validation_error","error":"no"}"#),
            ("validation_error".into(), "no".into())
        );
        assert_eq!(
            failed(500, r#"{"error_type":"own_type"}"#),
            ("own_type".into(), "HTTP error calling Agent Generator: status 500".into())
        );
        assert_eq!(failed(500, r#"{"error_type":"unexpected_error","error":"x"}"#).0, "unknown");
    }

    #[test]
    fn a_malformed_answer_is_an_invalid_response_and_says_why() {
        for (body, text) in [
            ("", "an answer that is not JSON"),
            ("<html>", "an answer that is not JSON"),
            (r#"{"success":true,"type":"\ud800"}"#, "an answer that is not JSON"),
            ("[]", "JSON that is not an object"),
            (r#"{"success":true}"#, "Unknown response type from Agent Generator: none"),
            (r#"{"success":true,"type":"poem"}"#, "Unknown response type from Agent Generator: poem"),
            (r#"{"success":true,"type":"instructions","steps":{}}"#, "steps that are not an array"),
            (r#"{"success":true,"type":"clarifying_questions","questions":"x"}"#, "questions that are not an array"),
            (r#"{"success":true,"type":"clarifying_questions","questions":[7]}"#, "neither a string nor an object"),
        ] {
            let (class, said) = failed(200, body);
            assert_eq!(class, "invalid_response", "{body}");
            assert!(said.contains(text), "{said}");
        }
        assert_eq!(failed(202, r#"{"success":true,"type":"vague_goal"}"#).0, "invalid_response");
    }

    #[test]
    fn a_failure_in_the_body_keeps_its_type_and_its_text() {
        for (body, class, text) in [
            (r#"{"success":false,"error":"LLM busy","error_type":"llm_rate_limit"}"#, "llm_rate_limit", "LLM busy"),
            (r#"{"success":"true","type":"vague_goal"}"#, "unknown", "Unknown error from Agent Generator"),
            (r#"{"success":null,"error":null,"error_type":null}"#, "unknown", "Unknown error from Agent Generator"),
            (r#"{"success":true,"type":"error"}"#, "unknown", "Unknown error"),
            (r#"{"success":true,"type":"error","error":"no","error_type":"patch_error"}"#, "patch_error", "no"),
            (r#"{"success":false,"error":{"a":1}}"#, "unknown", r#"{"a":1}"#),
        ] {
            assert_eq!(failed(200, body), (class.into(), text.into()), "{body}");
        }
    }

    #[test]
    fn questions_of_any_form_reach_the_person() {
        let body = r#"{"success":true,"type":"clarifying_questions","questions":["Where?",{"question":"Who?","keyword":"who","example":null,"x":1},{}]}"#;
        let Ok(Decomposition::ClarifyingQuestions(questions)) = decomposition(&reply(200, body)) else {
            panic!("no questions")
        };
        let all: Vec<_> =
            questions.iter().map(|q| (q.question.as_str(), q.keyword.as_str(), q.example.as_deref())).collect();
        assert_eq!(all, [("Where?", "", None), ("Who?", "who", None), ("", "", None)]);
    }

    #[test]
    fn an_answer_with_more_questions_than_a_person_answers_is_invalid() {
        let of = |count| {
            let questions = vec![r#""""#; count].join(",");
            decomposition(&reply(
                200,
                &format!(r#"{{"success":true,"type":"clarifying_questions","questions":[{questions}]}}"#),
            ))
        };
        assert!(of(1_000).is_ok());
        assert!(of(1_001).unwrap_err().service_error.contains("more than 1000 questions"));
    }

    #[test]
    fn a_byte_order_mark_before_an_answer_is_skipped() {
        assert!(decomposition(&reply(200, "\u{feff}{\"success\":true,\"type\":\"vague_goal\"}")).is_ok());
    }

    #[test]
    fn a_key_that_serde_json_would_interpret_is_refused_in_an_answer() {
        let body = r#"{"success":true,"agent_json":{"x":{"$serde_json::private::RawValue":"[1]"}}}"#;
        assert_eq!(draft(&reply(200, body)).unwrap_err().error_type, ErrorType::InvalidResponse);
    }

    #[test]
    fn an_agent_is_passed_on_byte_for_byte_or_not_at_all() {
        let body = r#"{"success":true,"agent_json":{"z":1.0,"a":[1e5]}}"#;
        let Ok(Drafted::Now(Draft::Agent(agent, _))) = draft(&reply(200, body)) else { panic!("no agent") };
        assert_eq!(agent.get(), r#"{"z":1.0,"a":[1e5]}"#);
        for body in
            [r#"{"success":true}"#, r#"{"success":true,"agent_json":null}"#, r#"{"success":true,"agent_json":[]}"#]
        {
            assert_eq!(draft(&reply(200, body)).unwrap_err().error_type, ErrorType::InvalidResponse);
        }
    }

    #[test]
    fn what_a_generator_says_that_it_left_out_is_passed_on_if_it_can_be_read() {
        let said = r#""left_out":[{"text":"fax it","reason":"no_block","message":"No fax."},{"text":"x"},"y"]"#;
        let steps =
            decomposition(&reply(200, &format!(r#"{{"success":true,"type":"instructions","steps":[],{said}}}"#)));
        let Ok(Decomposition::Instructions { account, .. }) = steps else { panic!("no steps") };
        assert_eq!(account.left_out.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), ["fax it"]);
        let agent = draft(&reply(200, &format!(r#"{{"success":true,"agent_json":{{}},{said}}}"#)));
        let Ok(Drafted::Now(Draft::Agent(_, account))) = agent else { panic!("no agent") };
        assert_eq!(account.left_out.len(), 1);
        for other in ["7", "{}", "null", r#""all""#] {
            let body = format!(r#"{{"success":true,"agent_json":{{}},"left_out":{other}}}"#);
            let Ok(Drafted::Now(Draft::Agent(_, account))) = draft(&reply(200, &body)) else { panic!("{body}") };
            assert!(account.left_out.is_empty(), "{body}");
        }
    }

    #[test]
    fn only_a_call_for_an_operation_can_be_taken_over() {
        for body in ["", r#"{"status":"queued"}"#] {
            assert!(matches!(draft_or_handover(&reply(202, body)), Ok(Drafted::HandedOver)), "{body}");
            assert_eq!(draft(&reply(202, body)).unwrap_err().error_type, ErrorType::InvalidResponse, "{body}");
        }
        assert!(matches!(
            draft_or_handover(&reply(200, r#"{"success":true,"agent_json":{}}"#)),
            Ok(Drafted::Now(Draft::Agent(..)))
        ));
        assert_eq!(draft_or_handover(&reply(503, "")).unwrap_err().error_type, ErrorType::ServiceUnavailable);
    }
}
