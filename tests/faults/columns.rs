//! Every column of the matrix: a request through one trigger.

use crate::{
    column::Column,
    request::{
        AGENT, AGENT_FROM_GOAL, AGENT_FROM_GOAL_AFTER_STEPS, BLOCKS, CHANGE, HEALTH, STEPS,
        Trigger::{Assistant, Direct, EventBridge, FunctionUrl, HttpApi, Rest},
    },
};

/// One test for each column.
macro_rules! columns {
    ($($name:ident: $request:ident by $trigger:ident;)*) => {
        pub(crate) static COLUMNS: &[Column] = &[$(Column { request: &$request, trigger: $trigger }),*];

        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            Column { request: &$request, trigger: $trigger }.check().await;
        })*
    };
}

columns! {
    steps_through_a_rest_api_fail_with_the_class_of_the_fault: STEPS by Rest;
    steps_through_an_http_api_fail_with_the_class_of_the_fault: STEPS by HttpApi;
    steps_through_a_function_url_fail_with_the_class_of_the_fault: STEPS by FunctionUrl;
    steps_by_direct_invocation_fail_with_the_class_of_the_fault: STEPS by Direct;
    steps_by_event_fail_the_invocation_with_the_class_of_the_fault: STEPS by EventBridge;
    steps_for_an_assistant_are_an_error_of_its_tool_with_the_class_of_the_fault: STEPS by Assistant;
    an_agent_through_a_rest_api_fails_with_the_class_of_the_fault: AGENT by Rest;
    an_agent_through_an_http_api_fails_with_the_class_of_the_fault: AGENT by HttpApi;
    an_agent_through_a_function_url_fails_with_the_class_of_the_fault: AGENT by FunctionUrl;
    an_agent_by_direct_invocation_fails_with_the_class_of_the_fault: AGENT by Direct;
    an_agent_by_event_fails_the_invocation_with_the_class_of_the_fault: AGENT by EventBridge;
    an_agent_for_an_assistant_is_an_error_of_its_tool_with_the_class_of_the_fault: AGENT by Assistant;
    an_agent_from_a_goal_fails_as_decompose_when_the_steps_fail: AGENT_FROM_GOAL by Rest;
    an_agent_from_a_goal_fails_as_generate_after_the_steps_arrived: AGENT_FROM_GOAL_AFTER_STEPS by Rest;
    a_change_through_a_rest_api_fails_with_the_class_of_the_fault: CHANGE by Rest;
    a_change_through_an_http_api_fails_with_the_class_of_the_fault: CHANGE by HttpApi;
    a_change_through_a_function_url_fails_with_the_class_of_the_fault: CHANGE by FunctionUrl;
    a_change_by_direct_invocation_fails_with_the_class_of_the_fault: CHANGE by Direct;
    a_change_by_event_fails_the_invocation_with_the_class_of_the_fault: CHANGE by EventBridge;
    a_change_for_an_assistant_is_an_error_of_its_tool_with_the_class_of_the_fault: CHANGE by Assistant;
    blocks_through_a_rest_api_fail_with_the_class_of_the_fault: BLOCKS by Rest;
    blocks_through_an_http_api_fail_with_the_class_of_the_fault: BLOCKS by HttpApi;
    blocks_through_a_function_url_fail_with_the_class_of_the_fault: BLOCKS by FunctionUrl;
    blocks_by_direct_invocation_fail_with_the_class_of_the_fault: BLOCKS by Direct;
    health_through_a_rest_api_shows_the_class_of_the_fault: HEALTH by Rest;
    health_through_an_http_api_shows_the_class_of_the_fault: HEALTH by HttpApi;
    health_through_a_function_url_shows_the_class_of_the_fault: HEALTH by FunctionUrl;
    health_by_direct_invocation_shows_the_class_of_the_fault: HEALTH by Direct;
}
