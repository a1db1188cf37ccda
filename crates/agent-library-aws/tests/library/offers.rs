//! Offers, read from the table that the library writes.

use agent_library::{interface::Interface, ports::Library as _};
use agent_offers::{
    index::OwnerIndex,
    offers::{NEWEST, Offers},
};
use serde_json::Value;
use shared::{account::Requirements, caller::Owner, json::parse};

use crate::{
    agents::{at, create, named, new_agent, owner, save},
    cloud::Cloud,
};

pub(crate) fn index(endpoint: &str, table: &str) -> OwnerIndex {
    let given = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(format!("http://{endpoint}")),
        "LIBRARY_TABLE" => Some(table.to_owned()),
        _ => None,
    };
    OwnerIndex::from_environment(given).unwrap().unwrap()
}

async fn ids(index: &OwnerIndex, owner: &Owner, stems: &[&str]) -> Vec<String> {
    let stems: Vec<String> = stems.iter().map(|stem| (*stem).to_owned()).collect();
    index.of_owner(owner, &stems).await.unwrap().into_iter().map(|offer| offer.graph_id).collect()
}

#[tokio::test]
async fn an_agent_is_offered_to_its_owner_as_it_is_now_and_to_nobody_else() {
    let Some(cloud) = Cloud::new().await else { return };
    let (index, owner) = (index(&cloud.authority, &cloud.name), owner());
    let head = create(&cloud.shelf, &owner, &new_agent(&named("Scorer", "Scores a lead"), 0)).await;
    let head = save(&cloud.shelf, &owner, &head, &named("Rater", "Rates a lead"), 1).await;
    let offers = index.of_owner(&owner, &[]).await.unwrap();
    let [offer] = &offers[..] else { panic!("{offers:?}") };
    assert_eq!((&*offer.graph_id, offer.graph_version, &*offer.name), (&*head.agent_id, 2, "Rater"));
    assert_eq!((&*offer.description, &offer.runs), ("Rates a lead", &Vec::new()));
    let schema: Value = serde_json::from_str(offer.input_schema.get()).unwrap();
    assert_eq!(schema["type"], "object");
    assert!(ids(&index, &crate::agents::owner(), &[]).await.is_empty());

    // One that takes too much cannot be a step.
    let long: Vec<Value> = (0..200).map(|at| serde_json::json!({"block_id": shared::account::AGENT_OUTPUT, "input_default": {"name": format!("output {at}")}})).collect();
    let long = serde_json::json!({"name": "Long", "nodes": long}).to_string();
    assert!(Interface::new(parse(&long).unwrap(), &Requirements::default()).is_none());
    save(&cloud.shelf, &owner, &head, &long, 2).await;
    assert!(ids(&index, &owner, &[]).await.is_empty());

    let deleted = create(&cloud.shelf, &owner, &new_agent(&named("Other", ""), 3)).await;
    assert_eq!(ids(&index, &owner, &[]).await, std::slice::from_ref(&deleted.agent_id));
    cloud.shelf.delete(&owner, &deleted.agent_id, at(4)).await.unwrap();
    assert!(ids(&index, &owner, &[]).await.is_empty());
}

#[tokio::test]
async fn of_many_agents_an_old_one_is_offered_if_the_goal_speaks_of_it() {
    let Some(cloud) = Cloud::new().await else { return };
    let (index, owner) = (index(&cloud.authority, &cloud.name), owner());
    let old = create(&cloud.shelf, &owner, &new_agent(&named("Lead scorer", ""), 0)).await;
    for number in 1..=NEWEST {
        create(&cloud.shelf, &owner, &new_agent(&named(&format!("Thing {number}"), ""), number as u64)).await;
    }
    assert_eq!(ids(&index, &owner, &["none"]).await.len(), NEWEST);
    let found = ids(&index, &owner, &["scor", "none"]).await;
    assert_eq!((found.len(), found.last()), (NEWEST + 1, Some(&old.agent_id)));
}
