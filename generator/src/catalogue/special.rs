//! The blocks that the assembler itself needs, by id. No other block is known by its id.

/// Declares an input of the agent, of any type.
pub const AGENT_INPUT: &str = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
/// Declares an output of the agent.
pub const AGENT_OUTPUT: &str = shared::account::AGENT_OUTPUT;
/// Declares a whole number as an input.
pub const NUMBER_INPUT: &str = "96dae2bb-97a2-41c2-bd2f-13a3b5a8ea98";
/// Declares a calendar date as an input.
pub const DATE_INPUT: &str = "7e198b09-4994-47db-8b4d-952d98241817";
/// Declares an uploaded file as an input.
pub const FILE_INPUT: &str = "95ead23f-8283-4654-aef3-10c053b74a31";
/// Declares a file picked from Google Drive as an input.
pub const DRIVE_INPUT: &str = "d3b32f15-6fd7-40e3-be52-e083f51b19a2";
/// Runs another agent: its outputs are not in the catalogue.
pub const AGENT_EXECUTOR: &str = "e189baac-8c20-45a1-94a7-55177ea42565";
/// Lets a language model call tools: it has an output for each argument of each tool, and takes back what they give.
pub const ORCHESTRATOR: &str = "3b191d9f-356f-482d-8238-ba04b6d18381";
/// Calls a tool of an MCP server.
pub const MCP_TOOL: &str = "a0a4b1c2-d3e4-4f56-a7b8-c9d0e1f2a3b4";
/// Runs code.
pub const EXECUTE_CODE: &str = "0b02b072-abe7-11ef-8372-fb5d162dd712";
/// Adds entries to a dictionary; with none, makes one.
pub const ADD_TO_DICTIONARY: &str = "31d1064e-7446-4693-a7d4-65e5ca1180d1";
/// Renders a Jinja2 template: turns objects and lists into text.
pub const TEMPLATE: &str = "db7d8f02-2f44-4c55-ab7a-eae0941f0c30";
/// Hands out a value as often as it is needed during a run.
pub const STORE_VALUE: &str = "1ff065e9-88e8-4358-9d82-8dc91f622ba9";
/// Asks a language model: does to a text what no other block does.
pub const AI_TEXT: &str = "1f292d4a-41a4-4977-9684-7c8d560b9f91";
/// Turns a value into a basic type.
pub const CONVERTER: &str = "95d1b990-ce13-4d88-9737-ba5c2070c97b";
/// Emits the entries of a list one by one.
pub const EACH_ITEM: &str = "f66a3543-28d3-4ab5-8945-9b336371e2ce";
/// Adds an entry to a list; with no list, makes a list of one.
pub const ADD_TO_LIST: &str = "aeb08fc1-2fc1-4141-bc8e-f758f183a822";
/// Compares two values and routes.
pub const CONDITION: &str = "715696a0-e1da-45c8-b209-c2fa9c3b0be6";
/// Judges a condition in plain words and routes.
pub const AI_CONDITION: &str = "553ec5b8-6c45-4299-8d75-b394d05f72ff";

/// The blocks that declare an input of the agent.
pub const AGENT_INPUTS: [&str; 11] = [
    AGENT_INPUT,
    "7fcd3bcb-8e1b-4e69-903d-32d3d4a92158",
    "90a56ffb-7024-4b2b-ab50-e26c5e5ab8ba",
    NUMBER_INPUT,
    DATE_INPUT,
    FILE_INPUT,
    "655d6fdf-a334-421c-b733-520549c07cd1",
    "cbf36ab5-df4a-43b6-8a7f-f7ed8652116e",
    "5603b273-f41e-4020-af7d-fbc9c6a8d928",
    DRIVE_INPUT,
    "2a1c757e-86cf-4c7e-aacf-060dc382e434",
];
