//! `authorizer`: a caller's access token -> who sends the request, or that nobody does. A Lambda authorizer of API Gateway
//! REST, of the type TOKEN.
//!
//! A token counts where the issuer has signed it for us, and its time is now. The gateway keeps each answer for a minute,
//! for the token and all routes of the stage.

mod claims;
mod denied;
mod issuer;
mod key;
mod keys;
mod settings;
mod token;

use std::borrow::Cow;

use lambda::{Function, RequestFunction, Route, function::Request};
use serde_json::{Value, json};
use shared::{
    action::Action, bad_request::BadRequest, error_type::ErrorType, failure::Failure, invocation::Invocation,
    json::Object, refusal::Refusal, reply::Reply, request_log::RequestLog,
};
use token::Token;

pub use denied::Denied;
pub use issuer::Issuer;
pub use key::Key;
pub use keys::{IssuerKeys, KeySource};
pub use settings::Settings;

/// What the log line calls a token that counts.
const ALLOWED: &str = "allowed";
/// The gateway wants a name for everybody, also for whom it turns away.
const NOBODY: &str = "nobody";

/// The function.
#[derive(Debug)]
pub struct Authorizer<S = Issuer> {
    /// Who signs tokens, as they name it.
    pub issuer: String,
    /// For whom they have to be made.
    pub audience: String,
    /// The issuer's keys.
    pub keys: IssuerKeys<S>,
}

/// Why it is not known who sends a request.
#[derive(Debug)]
pub enum Unchecked {
    /// The token does not count.
    Denied(Denied),
    /// Whether it does cannot be known: the issuer does not answer.
    Unavailable(Failure),
}

impl From<Denied> for Unchecked {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl<S: KeySource> Authorizer<S> {
    /// Who sends a request with this header `Authorization`: the issuer and its subject. Issuers have no `#` in their
    /// names, so no two subjects make one principal, and no principal is the id of an API key.
    ///
    /// # Errors
    /// Nobody does, or that cannot be known.
    pub async fn principal(
        &self,
        header: &str,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<String, Unchecked> {
        let token = Token::bearer(header)?;
        self.keys.of(&token, invocation, log).await?.check(&token)?;
        let subject = token.claims()?.subject(&self.issuer, &self.audience, invocation.clock.now())?;
        Ok(format!("{}#{subject}", self.issuer))
    }
}

/// What the gateway asks.
struct Question<'a> {
    header: Cow<'a, str>,
    /// All routes of the stage: the gateway keeps the answer for them all.
    stage: String,
}

impl<'a> Question<'a> {
    fn read(body: &'a str) -> Result<Self, BadRequest> {
        let event = Object::parse(body)?;
        let wrong = |what, form| BadRequest::WrongForm { what, form };
        if event.string("type").as_deref() != Some("TOKEN") {
            return Err(wrong("field type", "TOKEN: the event of a Lambda authorizer"));
        }
        let header = event.string("authorizationToken").ok_or(wrong("field authorizationToken", "a string"))?;
        let method = event.string("methodArn").unwrap_or_default();
        // `arn:...:<api>/<stage>/<method>/<path>`
        let mut parts = method.splitn(3, '/');
        let stage = match (parts.next(), parts.next(), parts.next()) {
            (Some(api), Some(stage), Some(_)) if api.starts_with("arn:") => format!("{api}/{stage}/*"),
            _ => return Err(wrong("field methodArn", "the ARN of a method")),
        };
        Ok(Self { header, stage })
    }

    /// The answer: whether `principal` may call the API.
    fn answer(&self, principal: &str, effect: &str) -> String {
        let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": self.stage});
        let policy: Value = json!({"Version": "2012-10-17", "Statement": [statement]});
        json!({"principalId": principal, "policyDocument": policy}).to_string()
    }
}

impl<S: KeySource> Function for Authorizer<S> {
    const ACTION: Action = Action::Authorizer;
}

impl<S: KeySource> RequestFunction for Authorizer<S> {
    const ROUTES: &'static [Route] = &[];
    /// More than comes: the gateway's headers have ten KiB at most.
    const MAX_BODY: usize = 1024 * 1024;
    const FAILS_ON_ERROR: bool = true;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let question = Question::read(request.body)?;
        match self.principal(&question.header, request.invocation(), log).await {
            Ok(principal) => Ok(Reply::new(200, ALLOWED, question.answer(&principal, "Allow"))),
            // A policy that denies, not an error: Lambda counts errors, and somebody is woken up for one.
            Err(Unchecked::Denied(denied)) => {
                let answer = Reply::new(200, denied.name(), question.answer(NOBODY, "Deny"));
                Ok(Reply { error_type: Some(ErrorType::Unauthorized), ..answer })
            }
            Err(Unchecked::Unavailable(failure)) => Err(Refusal::Failed { action: Self::ACTION, failure }),
        }
    }
}
