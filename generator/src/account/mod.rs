//! Tells what steps or an agent do, what they need, and how a patched agent differs: CONTRACT 4. Computed from their
//! JSON and the catalogue, the same for every generator.

mod told;

use serde_json::value::RawValue;
use shared::account::Account;

pub(crate) use self::told::{LEFT_OUT, TIMEZONE, Told, left_out};
use crate::catalogue::Catalogue;

/// `steps` is a JSON array.
pub(crate) fn of_steps(_catalogue: Option<&Catalogue>, _steps: &RawValue, told: Told) -> Box<Account> {
    Box::new(Account { left_out: told.left_out, ..Account::default() })
}

/// `agent` is a JSON object.
pub(crate) fn of_agent(_catalogue: Option<&Catalogue>, _agent: &RawValue, told: Told) -> Box<Account> {
    Box::new(Account { left_out: told.left_out, ..Account::default() })
}

/// How `after` came out of `before`, both JSON objects.
pub(crate) fn of_patch(
    catalogue: Option<&Catalogue>,
    _before: &RawValue,
    after: &RawValue,
    told: Told,
) -> Box<Account> {
    of_agent(catalogue, after, told)
}
