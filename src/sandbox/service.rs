//! One call from arrival to answer: record it, delay it, let a fault have it or the product answer it.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::to_bytes,
    extract::{ConnectInfo, Request as Incoming, State},
    response::Response,
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    admin,
    control::{Arrival, damage, fault::Kind, substitute},
    door::{Door, Line},
    http::Reply,
    wire::{Call, respond},
    world::World,
};

/// The largest request body read; Desk takes attachments of 20 MB, CRM of 100 MB.
const BODY_LIMIT: usize = 101 << 20;

type Shared = Arc<Mutex<World>>;

/// Serves until told to stop or until the teller is gone.
pub(super) async fn serve(listener: TcpListener, world: World, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let door = Door::new(listener, world.control.accepted());
    let app = Router::new()
        .fallback(answer)
        .with_state(Arc::new(Mutex::new(world)));
    tokio::select! {
        _ = axum::serve(door, app.into_make_service_with_connect_info::<Line>()) => {}
        _ = stopped => {}
    }
}

async fn answer(
    State(world): State<Shared>,
    ConnectInfo(line): ConnectInfo<Line>,
    incoming: Incoming,
) -> Response {
    let (parts, body) = incoming.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return respond(Reply::json(
            413,
            &json!({ "code": "BODY_SIZE_REACHED", "status": "error" }),
        ));
    };
    let call = Call {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    };
    if call.uri.path().starts_with("/__sandbox/") {
        return respond(admin::route(&mut lock(&world), &call));
    }
    let arrival = lock(&world).control.arrive(&call);
    if let Some(refusal) = arrival.refusal {
        lock(&world).control.finish(arrival.number, refusal.status, false);
        return respond(refusal);
    }
    if !arrival.delay.is_zero() {
        tokio::time::sleep(arrival.delay).await;
    }
    match arrival.fault.clone() {
        None => respond(honest(&world, call, &arrival)),
        Some(fault) => match fault.kind {
            Kind::Hang => std::future::pending().await,
            Kind::Reset => {
                line.cut();
                respond(Reply::empty(200))
            }
            kind if kind.keeps_the_answer() => damage::respond(honest(&world, call, &arrival), &fault, line),
            _ => {
                let mut world = lock(&world);
                let response = substitute::response(&fault, &call, &world.base_url(&call.headers));
                world
                    .control
                    .finish(arrival.number, response.status().as_u16(), false);
                response
            }
        },
    }
}

fn honest(world: &Shared, call: Call, arrival: &Arrival) -> Reply {
    let mut world = lock(world);
    let mut reply = world.handle(call);
    let now = world.control.clock.now();
    if let Some(seat) = &arrival.seat {
        world.control.limits.charge(seat, now, &mut reply);
    }
    world.control.finish(arrival.number, reply.status, reply.unserved);
    reply.with("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// A request that panicked has left at worst one half-made record; the others go on.
fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
