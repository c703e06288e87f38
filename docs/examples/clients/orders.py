# Sends a record and reads it: python3 orders.py [broker]
import asyncio
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

broker = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:9092"


async def make_topic():
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    if "orders-python" not in await admin.list_topics():
        await admin.create_topics([NewTopic("orders-python", num_partitions=3, replication_factor=1)])
    await admin.close()


# #region orders
async def main():
    await make_topic()
    settings = {"group_id": "billing-python", "auto_offset_reset": "earliest"}
    consumer = AIOKafkaConsumer("orders-python", bootstrap_servers=broker, **settings)
    async with AIOKafkaProducer(bootstrap_servers=broker, acks="all") as producer, consumer:
        sent = await producer.send_and_wait("orders-python", key=b"anna", value=b"created")
        print("sent to partition", sent.partition)
        record = await consumer.getone()
        print("read", record.partition, record.key.decode(), record.value.decode())


asyncio.run(main())
# #endregion orders
