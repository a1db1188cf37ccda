//! Exact edits of an agent.

use generator::workbench::Patched;

use super::*;

async fn patched(patches: &Value) -> Patched {
    let Built::Agent { agent, .. } = built(&plan()).await else { panic!("not built") };
    workbench().patch(&agent, &to_raw(patches).unwrap(), end()).await.unwrap()
}

#[tokio::test]
async fn an_edit_is_made_and_told() {
    let rename = json!([{"type": "modify", "node_id": "n4", "changes": {"input_default": {"name": "Digest"}}}]);
    let Patched::Agent { agent, account } = patched(&rename).await else { panic!("not made") };
    assert!(agent.get().contains("Digest"), "{agent}");
    assert_eq!(account.edit.unwrap().changes.len(), 1);
    holds(&agent);
}

#[tokio::test]
async fn edits_that_cannot_be_made_are_told_50_at_a_time_and_the_rest_is_counted() {
    let read =
        |at: usize| json!({"id": format!("new-{at}"), "block_id": "ExtractWebsiteContentBlock", "input_default": {}});
    let add = |count| json!([{"type": "add", "new_nodes": (0..count).map(read).collect::<Vec<_>>(), "new_links": []}]);
    let Patched::Misfits { problems, more_problems: 0 } = patched(&add(1)).await else { panic!("not told") };
    assert!(problems.iter().any(|problem| problem.contains("`url`")), "{problems:?}");
    let each = problems.len();
    let Patched::Misfits { problems, more_problems } = patched(&add(60)).await else { panic!("not told") };
    assert_eq!((problems.len(), problems.len() + more_problems), (50, 60 * each));
}
