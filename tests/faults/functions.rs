//! The functions that ask a generator.

use crate::{
    asked::{
        AGENT, AGENT_FROM_A_GOAL, AGENT_FROM_STEPS_MADE, BLOCKS, CHANGE, HEALTH, STEPS,
        Trigger::{Direct, EventBridge, FunctionUrl, HttpApi, Rest},
    },
    line::Line,
};

/// Lines of the matrix, each as a test of its own.
macro_rules! lines {
    ($($name:ident: $asked:ident by $trigger:ident;)*) => {
        /// Every line.
        pub(crate) static LINES: &[Line] = &[$(Line { asked: &$asked, trigger: $trigger }),*];

        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            Line { asked: &$asked, trigger: $trigger }.hold().await;
        })*
    };
}

lines! {
    who_wants_steps_over_a_rest_api_is_told_what_failed: STEPS by Rest;
    who_wants_steps_over_an_http_api_is_told_what_failed: STEPS by HttpApi;
    who_wants_steps_over_a_function_url_is_told_what_failed: STEPS by FunctionUrl;
    who_wants_steps_by_a_direct_invocation_is_told_what_failed: STEPS by Direct;
    who_wants_steps_by_an_event_has_it_fail_by_its_class: STEPS by EventBridge;
    who_wants_an_agent_over_a_rest_api_is_told_what_failed: AGENT by Rest;
    who_wants_an_agent_over_an_http_api_is_told_what_failed: AGENT by HttpApi;
    who_wants_an_agent_over_a_function_url_is_told_what_failed: AGENT by FunctionUrl;
    who_wants_an_agent_by_a_direct_invocation_is_told_what_failed: AGENT by Direct;
    who_wants_an_agent_by_an_event_has_it_fail_by_its_class: AGENT by EventBridge;
    who_wants_an_agent_for_a_goal_is_told_that_the_goal_failed: AGENT_FROM_A_GOAL by Rest;
    who_wants_an_agent_for_a_goal_is_told_that_it_failed_after_the_steps: AGENT_FROM_STEPS_MADE by Rest;
    who_wants_a_change_over_a_rest_api_is_told_what_failed: CHANGE by Rest;
    who_wants_a_change_over_an_http_api_is_told_what_failed: CHANGE by HttpApi;
    who_wants_a_change_over_a_function_url_is_told_what_failed: CHANGE by FunctionUrl;
    who_wants_a_change_by_a_direct_invocation_is_told_what_failed: CHANGE by Direct;
    who_wants_a_change_by_an_event_has_it_fail_by_its_class: CHANGE by EventBridge;
    who_wants_blocks_over_a_rest_api_is_told_what_failed: BLOCKS by Rest;
    who_wants_blocks_over_an_http_api_is_told_what_failed: BLOCKS by HttpApi;
    who_wants_blocks_over_a_function_url_is_told_what_failed: BLOCKS by FunctionUrl;
    who_wants_blocks_by_a_direct_invocation_is_told_what_failed: BLOCKS by Direct;
    a_monitor_at_a_rest_api_sees_what_is_wrong: HEALTH by Rest;
    a_monitor_at_an_http_api_sees_what_is_wrong: HEALTH by HttpApi;
    a_monitor_at_a_function_url_sees_what_is_wrong: HEALTH by FunctionUrl;
    a_monitor_by_a_direct_invocation_sees_what_is_wrong: HEALTH by Direct;
}
