// The makers of the specs: one for each file of this room. The registry names the words that lead to them.
#pragma once

#include "spec/command_spec.h"

namespace crm::cmd {

// Verbs that every kind of record has.
CommandSpec add_command(const Entity& kind);
CommandSpec list_command(const Entity& kind);
CommandSpec show_command(const Entity& kind);
CommandSpec edit_command(const Entity& kind);
CommandSpec delete_command(const Entity& kind);
CommandSpec restore_command(const Entity& kind);
CommandSpec history_command(const Entity& kind);
CommandSpec tag_command(const Entity& kind);
CommandSpec untag_command(const Entity& kind);
CommandSpec assign_command(const Entity& kind);
CommandSpec claim_command(const Entity& kind);
CommandSpec release_command(const Entity& kind);

// Verbs of customers, contacts and leads.
CommandSpec dedupe_command(const Entity& kind);
CommandSpec merge_command(const Entity& kind);
CommandSpec unmerge_command(const Entity& kind);

// Leads.
CommandSpec user_deactivate_command();
CommandSpec user_transfer_command();
CommandSpec lead_advance_command();
CommandSpec lead_lose_command();
CommandSpec lead_convert_command();
CommandSpec lead_score_command();

// Follow-ups.
CommandSpec followup_log_command();
CommandSpec followup_plan_command();
CommandSpec followup_done_command();
CommandSpec followup_reschedule_command();
CommandSpec followup_snooze_command();
CommandSpec followup_ack_command();
CommandSpec followup_cancel_command();
CommandSpec followup_due_command();
CommandSpec followup_overdue_command();
CommandSpec followup_agenda_command();

// Customers.
CommandSpec customer_view_command();
CommandSpec customer_level_command();

// Reports.
CommandSpec report_funnel_command();
CommandSpec report_activity_command();
CommandSpec report_overdue_command();

// The workflow.
CommandSpec workflow_check_command();
CommandSpec workflow_apply_command();
CommandSpec workflow_list_command();
CommandSpec workflow_show_command();
CommandSpec workflow_diff_command();
CommandSpec workflow_rollback_command();
CommandSpec workflow_run_command();
CommandSpec workflow_runs_command();
CommandSpec workflow_explain_command();
CommandSpec workflow_test_command();
CommandSpec workflow_simulate_command();
CommandSpec workflow_graph_command();

// Approvals.
CommandSpec approval_list_command();
CommandSpec approval_show_command();
CommandSpec approval_approve_command();
CommandSpec approval_reject_command();
CommandSpec approval_withdraw_command();
CommandSpec approval_delegate_command();
CommandSpec approval_skip_command();
CommandSpec report_exceptions_command();

// The database.
CommandSpec init_command();
CommandSpec status_command();
CommandSpec doctor_command();
CommandSpec reindex_command();
CommandSpec backup_command();
CommandSpec migrate_command();
CommandSpec log_command();
CommandSpec undo_command();
CommandSpec verify_command();
CommandSpec schema_command();
CommandSpec batch_command();
CommandSpec search_command();
CommandSpec quality_check_command();
CommandSpec import_command();
CommandSpec import_list_command();
CommandSpec import_presets_command();
CommandSpec import_show_command();
CommandSpec import_ids_command();
CommandSpec import_undo_command();
CommandSpec export_command();

// Messages out.
CommandSpec remind_command();
CommandSpec outbox_list_command();
CommandSpec outbox_show_command();
CommandSpec outbox_flush_command();
CommandSpec outbox_retry_command();
CommandSpec outbox_cancel_command();
CommandSpec outbox_purge_command();
CommandSpec outbox_sandbox_command();
CommandSpec channel_add_command();
CommandSpec channel_list_command();
CommandSpec channel_show_command();
CommandSpec channel_remove_command();
CommandSpec channel_test_command();

// Outreach.
CommandSpec segment_add_command();
CommandSpec segment_list_command();
CommandSpec segment_show_command();
CommandSpec segment_remove_command();
CommandSpec outreach_preview_command();
CommandSpec outreach_test_command();
CommandSpec outreach_send_command();
CommandSpec outreach_list_command();

// Who may be written to.
CommandSpec consent_give_command();
CommandSpec consent_withdraw_command();
CommandSpec consent_block_command();
CommandSpec consent_unblock_command();
CommandSpec consent_show_command();

// The program itself.
CommandSpec whoami_command();
CommandSpec help_command();
CommandSpec completion_command();
CommandSpec complete_command();
CommandSpec man_command();

}  // namespace crm::cmd
