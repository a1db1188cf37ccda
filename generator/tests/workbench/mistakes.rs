//! What models typically get wrong in a plan, and what they are told.

use super::*;

#[tokio::test]
async fn a_plan_in_order_becomes_an_agent() {
    let Built::Agent { agent, account, fixed } = built(&plan()).await else { panic!("not built") };
    assert_eq!(serde_json::from_str::<Value>(agent.get()).unwrap()["name"], "Page digest");
    assert_eq!(account.requirements.inputs[0].name, "Page");
    assert_eq!(fixed, []);
}
