//! `confirm_write` and `undo_write`: the second call of an act that was shown, and the act that takes one back.

use serde_json::Value;

use super::{Context, carried_out};
use crate::repair::{self, Arguments};
use crate::tools::error::{Code, ToolError};
use crate::tools::output::Answer;
use crate::tools::request::text;
use crate::tools::writing::{self, Act, Kept, Plan, Purpose};

/// Carries out what was shown: it is planned anew from the arguments of then, so that it is still the same, and the record, too.
pub(super) async fn write(context: Context<'_>) -> Result<Answer, ToolError> {
    let invocation = context.invocation;
    let token = text(context.arguments, "token").unwrap_or_default();
    let asked = writing::open(invocation, Purpose::Token, token).await?;
    let catalog = invocation
        .equipment()
        .catalog()
        .map_err(|error| ToolError::internal(&error))?;
    let (Some(kept), Some(tool)) = (Kept::of(&asked), catalog.get(&asked.key.tool)) else {
        return Err(ToolError::new(
            Code::ConfirmationNeeded,
            "Nothing was sent: what was shown is kept no longer, or its tool is not offered any more.",
            "Make the call that changes something again.",
        ));
    };
    let arguments = Value::Object(kept.arguments.clone()).to_string();
    let today = invocation.now().to_zoned_datetime(context.zone.clone()).date();
    let arguments = repair::accept(tool.schema(), Arguments::Text(&arguments), today)?;
    let of_then = Context {
        invocation,
        tool: tool.name(),
        arguments: &arguments,
        zone: context.zone,
        done: &[],
    };
    let mut act = Act::of(invocation, tool.name(), kept.product, &arguments).await?;
    if act.key != asked.key {
        let got = "another connection, organization or other arguments";
        let fix = "name the `connection` of the call that gave it, or make that call again";
        return Err(ToolError::argument(
            "/token",
            "a token of this connection",
            got,
            Some(fix.to_owned()),
        ));
    }
    act.once_more = kept.once_more;
    act.granted = Some(asked);
    act.earlier().await?;
    carried_out(&act, of_then, tool).await
}

/// Plans the act that takes one back.
pub(super) async fn undo(context: Context<'_>) -> Result<Plan, ToolError> {
    let id = text(context.arguments, "id").unwrap_or_default();
    let ledger = &context.invocation.equipment().ledger;
    let Some(write) = ledger.find_write(id, context.invocation.caller()).await? else {
        let fix = "Take `write.id` of the answer that told of the act.".to_owned();
        return Err(ToolError::argument(
            "/id",
            "the id of an act of this user",
            format!("`{id}`"),
            Some(fix),
        ));
    };
    let Some(product) = writing::product_of(&write) else {
        return Err(ToolError::new(
            Code::Rejected,
            format!("What was there before {id} is kept no longer."),
            "Tell the user; the record itself shows its history.",
        ));
    };
    let act = Act::of(context.invocation, context.tool, product, context.arguments).await?;
    if (act.key.connection_id, &act.key.organization) != (write.key.connection_id, &write.key.organization) {
        let fix = "name the `connection` that the act was made with".to_owned();
        let expected = "the connection and organization of the act";
        return Err(ToolError::argument(
            "/connection",
            expected,
            "another one",
            Some(fix),
        ));
    }
    Ok(Plan::Act(Box::new(
        writing::take_back(&act, &write, context.done).await?,
    )))
}
