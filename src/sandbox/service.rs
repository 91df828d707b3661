//! One call from arrival to answer: record it, delay it, let a fault have it or the product answer it.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ::http::Method;
use axum::{
    Router,
    body::to_bytes,
    extract::{ConnectInfo, Request as Incoming, State},
    response::Response,
};
use serde_json::json;
use tokio::sync::{Notify, oneshot};

use super::{
    admin, base_url,
    caller::Caller,
    control::{Arrival, damage, fault::Kind, substitute},
    door::{Door, Line},
    http::Reply,
    post, visitor,
    wire::{Call, respond},
    world::World,
};

/// The largest request body read; Desk takes attachments of 20 MB, CRM of 100 MB.
pub(super) const BODY_LIMIT: usize = 101 << 20;

/// How long nobody looks whether a letter's time has come.
const TICK: Duration = Duration::from_secs(1);

type Shared = Arc<Mutex<World>>;

/// Serves until told to stop or until the teller is gone.
pub(super) async fn serve(listener: TcpListener, world: World, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    if let Some(prepare) = world.preparation() {
        // Not on the pool, which would be waited for at the end.
        std::thread::spawn(prepare);
    }
    let door = Door::new(listener, world.control.accepted());
    let bell = world.bell.clone();
    let world = Arc::new(Mutex::new(world));
    let app = Router::new().fallback(answer).with_state(world.clone());
    tokio::select! {
        _ = carry(world, bell) => {}
        _ = axum::serve(door, app.into_make_service_with_connect_info::<Line>()) => {}
        _ = stopped => {}
    }
}

/// Sends the letters of the world, one after the other; the clock may run without anybody calling.
async fn carry(world: Shared, bell: Arc<Notify>) {
    loop {
        let next = lock(&world).next_letter();
        match next {
            Some((letter, now)) => {
                let outcome = letter.send(now).await;
                lock(&world).delivered(letter, outcome);
            }
            None => drop(tokio::time::timeout(TICK, bell.notified()).await),
        }
    }
}

async fn answer(
    State(world): State<Shared>,
    ConnectInfo(line): ConnectInfo<Line>,
    incoming: Incoming,
) -> Response {
    let (mut parts, body) = incoming.into_parts();
    if let Err(refusal) = visitor::judge(&mut parts, lock(&world).is_of_this_machine()) {
        return respond(refusal);
    }
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
    if call.uri.path() == "/__sandbox/fork" && call.method == Method::POST {
        return respond(admin::checked(&call).map_or_else(|refusal| refusal, |_| fork(&world)));
    }
    if call.uri.path() == "/" && call.method == Method::GET {
        return respond(admin::page::page());
    }
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
        None => respond(honest(&world, call, &arrival).await),
        Some(fault) => match fault.kind {
            Kind::Hang => {
                lock(&world).control.lose(arrival.number);
                std::future::pending().await
            }
            Kind::Reset => {
                lock(&world).control.lose(arrival.number);
                line.cut();
                respond(Reply::empty(200))
            }
            kind if kind.keeps_the_answer() => {
                damage::respond(honest(&world, call, &arrival).await, &fault, line)
            }
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

/// Serves the world as it is now at another address, too, until this one ends.
fn fork(world: &Shared) -> Reply {
    let mut world = lock(world);
    if !world.may_fork() {
        return Reply::json(
            400,
            &json!({ "error": "there are 50 forks; POST reset with data ends them" }),
        );
    }
    let opened = TcpListener::bind(world.listens_at()).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok((listener.local_addr()?, listener))
    });
    let (address, listener) = match opened {
        Ok(opened) => opened,
        Err(error) => return Reply::json(500, &json!({ "error": error.to_string() })),
    };
    let url = base_url(address);
    let (fork, ended) = world.fork(url.clone());
    tokio::spawn(serve(listener, fork, ended));
    Reply::json(200, &json!({ "url": url }))
}

/// The product's own answer. What looks through many records does so on a thread of its own, without the world, for as
/// long as the caller waits.
async fn honest(world: &Shared, call: Call, arrival: &Arrival) -> Reply {
    let (caller, _waiting) = Caller::waiting();
    let (begun, proof) = {
        let mut world = lock(world);
        (world.take_up(call, &caller), world.take_proof())
    };
    let mut reply = match begun {
        Ok(reply) => reply,
        Err(mut reading) => {
            let under_way = lock(world).control.reading();
            let read = tokio::task::spawn_blocking(move || {
                let reply = reading.answer();
                drop(under_way);
                (reading, reply)
            });
            match read.await {
                Ok((reading, reply)) => {
                    lock(world).put_down(&reading, &reply);
                    reply
                }
                // As if it had been answered here.
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        }
    };
    // A webhook is there once its address has answered, which takes longer than a call holds the world.
    if let Some(proof) = proof
        && !post::is_there(proof.url()).await
    {
        reply = lock(world).withdraw(proof);
    }
    let mut world = lock(world);
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
