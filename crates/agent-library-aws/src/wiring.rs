//! The library that the environment names.

use std::sync::Arc;

use agent_library::ports::AgentStore;
use aws::Clients;
use shared::environment::{self, BadConfig};

use crate::shelf::Shelf;

const TABLE: &str = "LIBRARY_TABLE";
const BUCKET: &str = "LIBRARY_BUCKET";

/// `None` without `LIBRARY_TABLE`.
///
/// # Errors
/// Names the first missing or invalid variable.
pub fn library(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Shelf>, BadConfig> {
    let Some(table) = environment::given(&variable, TABLE) else { return Ok(None) };
    let missing = || BadConfig::new(BUCKET, "must be set if LIBRARY_TABLE is");
    let bucket = environment::given(&variable, BUCKET).ok_or_else(missing)?;
    Ok(Some(Shelf::new(&Clients::from_environment(variable)?, &table, &bucket)))
}

/// What saves and reads agents, of [`library`].
///
/// # Errors
/// As [`library`].
pub fn store(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Arc<dyn AgentStore>>, BadConfig> {
    Ok(library(variable)?.map(|shelf| Arc::new(shelf) as Arc<dyn AgentStore>))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_starts_without_a_library_but_not_with_half_of_one() {
        let with = |names: &'static [&'static str]| {
            library(move |name| match name {
                "AWS_REGION" => Some("eu-west-1".to_owned()),
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("key".to_owned()),
                _ => names.contains(&name).then(|| "name".to_owned()),
            })
        };
        assert!(with(&[]).unwrap().is_none());
        assert_eq!(with(&[TABLE]).unwrap_err().variable, BUCKET);
        assert!(with(&[TABLE, BUCKET]).unwrap().is_some());
    }
}
