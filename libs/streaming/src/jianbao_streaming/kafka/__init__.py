"""The engine past one machine: Apache Kafka, through confluent-kafka alone."""
