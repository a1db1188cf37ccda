//! `authorizer`: access token -> policy that allows or denies the caller. A Lambda authorizer of type TOKEN for API Gateway
//! REST.
//!
//! Accepts a token that the issuer has signed, for our audience, and that is valid now. The gateway caches each policy for
//! a minute, per token and for all routes of the stage.

mod algorithm;
mod audience;
mod caller;
mod claims;
mod denied;
mod issuer;
mod key;
mod keys;
mod not_authenticated;
mod settings;
mod token;

use std::borrow::Cow;

use caller::Caller;
use lambda::{Function, RequestFunction, Route, function::Request};
use serde_json::{Value, json};
use shared::{
    action::Action, bad_request::BadRequest, error_type::ErrorType, invocation::Invocation, json::Object,
    refusal::Refusal, reply::Reply, request_log::RequestLog, timestamp::Timestamp,
};
use token::Token;

pub use audience::{Audience, AudienceClaim};
pub use denied::Denied;
pub use issuer::Issuer;
pub use key::Key;
pub use keys::{IssuerKeys, KeySource};
pub use not_authenticated::NotAuthenticated;
pub use settings::Settings;

/// The outcome in the log line of an accepted token.
const ALLOWED: &str = "allowed";
/// The gateway requires a principal even in a policy that denies.
const NOBODY: &str = "nobody";

#[derive(Debug)]
pub struct Authorizer<S = Issuer> {
    /// The `iss` that tokens must have.
    pub issuer: String,
    pub audience: Audience,
    pub keys: IssuerKeys<S>,
}

impl<S: KeySource> Authorizer<S> {
    /// Validates the token in the header `Authorization` and returns the principal, which is never empty.
    pub async fn principal(
        &self,
        header: &str,
        invocation: Invocation<'_>,
        log: &mut RequestLog,
    ) -> Result<String, NotAuthenticated> {
        let token = Token::from_header(header)?;
        let now = invocation.clock.now();
        if !self.keys.has_key_for(&token, now) {
            // No key can make these claims hold, so that the issuer need not be asked.
            self.caller(&token, now)?;
        }
        self.keys.key_for(&token, invocation, log).await?.check(&token)?;
        Ok(self.caller(&token, now)?.principal(&self.issuer))
    }

    fn caller(&self, token: &Token<'_>, now: Timestamp) -> Result<Caller, Denied> {
        token.claims()?.caller(&self.issuer, &self.audience, now)
    }
}

/// The gateway's event.
struct AuthorizerEvent<'a> {
    header: Cow<'a, str>,
    /// The ARN of all routes of the stage, because the gateway caches the policy for all of them.
    stage: String,
}

impl<'a> AuthorizerEvent<'a> {
    fn parse(body: &'a str) -> Result<Self, BadRequest> {
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

    fn policy(&self, principal: &str, effect: &str) -> String {
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
    /// Never reached: the gateway limits headers to 10 KiB.
    const MAX_BODY: usize = 1024 * 1024;
    const IS_AUTHORIZER: bool = true;

    async fn serve<'a>(&'a self, request: Request<'a>, log: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let event = AuthorizerEvent::parse(request.body)?;
        match self.principal(&event.header, request.invocation(), log).await {
            Ok(principal) => Ok(Reply::new(200, ALLOWED, event.policy(&principal, "Allow"))),
            // A policy that denies, not an error: errors of the function raise an alarm.
            Err(NotAuthenticated::Denied(denied)) => {
                let reply = Reply::new(200, denied.name(), event.policy(NOBODY, "Deny"));
                Ok(Reply { error_type: Some(ErrorType::Unauthorized), ..reply })
            }
            Err(NotAuthenticated::Unavailable(failure)) => Err(Refusal::Failed { action: Self::ACTION, failure }),
        }
    }
}
