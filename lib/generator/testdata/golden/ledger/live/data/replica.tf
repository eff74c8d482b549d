# Reports are read from a replica.
locals {
  replica_flags = {
    "cloudsql.enable_pgaudit"     = "on"
    "cloudsql.iam_authentication" = "on"
    log_checkpoints               = "on"
    log_connections               = "on"
    log_disconnections            = "on"
    log_lock_waits                = "on"
    log_min_error_statement       = "error"
    log_statement                 = "ddl"
    "pgaudit.log"                 = "read,write,function,role,ddl"
  }
}

resource "google_sql_database_instance" "replica" {
  project              = local.project_id
  name                 = "${local.service_id}-${local.environment_id}-replica"
  region               = local.region
  master_instance_name = local.database_instance_name
  database_version     = "POSTGRES_17"
  deletion_protection  = true

  settings {
    edition = "ENTERPRISE"
    tier    = "db-custom-1-4096"

    # A replica has flags of its own.
    dynamic "database_flags" {
      for_each = local.replica_flags
      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = data.terraform_remote_state.network.outputs.network_id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
  }
}
