//! Starting: several instances at once, and again on what is there.

use crate::world::Service;
use shared_testing::databases;
use std::{sync::Arc, thread};

#[actix_web::test]
async fn instances_that_start_at_once_on_a_fresh_database_all_come_up() {
    for database in databases().await {
        println!("on {}", database.url);
        let service = Arc::new(Service::prepare(database));
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let service = Arc::clone(&service);
                thread::spawn(move || {
                    actix_web::rt::System::new().block_on(async {
                        let instance = service.instance().await;
                        let ready = service
                            .stranger_at(&instance.origin)
                            .get("/health/ready")
                            .await;
                        ready.status
                    })
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 200);
        }
        // And once more on what they left.
        let instance = service.instance().await;
        service
            .stranger_at(&instance.origin)
            .get("/health/live")
            .await
            .ok();
    }
}
