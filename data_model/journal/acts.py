"""What the acts in the journal are called. Whoever writes a new one with `journal.note` names it here; a test asks for
it.
"""

from data_model.core.label import Label

SUBJECTS: dict[str, Label] = {
    "record": Label("bản ghi", "record"),
    "review_batch": Label("loạt bản ghi", "batch of records"),
    "second_look": Label("mẫu xem lại", "sample for a second look"),
    "recommendation": Label("kiến nghị", "recommendation"),
    "round": Label("đợt giám sát", "monitoring round"),
    "snapshot": Label("bản chốt số liệu", "snapshot"),
    "lock_exception": Label("ngoại lệ khoá kỳ", "exception from the lock"),
    "plan": Label("kế hoạch", "plan"),
    "plan_draft": Label("bản nháp kế hoạch", "draft of a plan"),
    "office": Label("cơ quan", "office"),
    "account": Label("tài khoản", "account"),
    "boundaries": Label("ranh giới", "boundaries"),
    "holiday": Label("ngày nghỉ, ngày làm bù", "holidays and worked days"),
}
"""What an act can be about."""

_RECORD = {
    "begin_draft": Label("bắt đầu ghi nháp", "began a draft of"),
    "save_draft": Label("lưu nháp", "kept a draft of"),
    "send": Label("gửi", "sent"),
    "discard": Label("bỏ bản nháp", "threw away the draft of"),
    "verified": Label("xác nhận", "verified"),
    "returned": Label("trả lại", "returned"),
    "void": Label("huỷ", "voided"),
    "unverified": Label("hoàn tác việc xác nhận", "took back the verification of"),
    "add_evidence": Label("thêm ảnh, tệp vào", "added a photo or file to"),
    "remove_evidence": Label("gỡ ảnh, tệp khỏi", "took a photo or file from"),
    "hand_in": Label("nộp thay từ tệp của máy bảng", "handed in, for its author, from a tablet's file"),
}
_REVIEW_BATCH = {
    "verify_batch": Label("xác nhận cùng lúc", "verified together"),
    "undo_batch": Label("hoàn tác việc xác nhận", "took back the verification of"),
}
_SECOND_LOOK = {
    "draw_second_look": Label("rút", "drew"),
    "look_again": Label("xem lại một bản ghi của", "looked again at a record of"),
}
_RECOMMENDATION = {
    "recommend": Label("ghi", "wrote"),
    "follow_up_report": Label("báo cáo thực hiện", "reported on"),
    "follow_up_remark": Label("ghi thêm về", "remarked on"),
    "follow_up_confirm": Label("xác nhận kết quả của", "confirmed the outcome of"),
    "follow_up_send_back": Label("không chấp nhận kết quả của", "did not accept the outcome of"),
    "follow_up_correct": Label("sửa lời của", "corrected"),
    "follow_up_remove": Label("bỏ khỏi bản ghi", "took out of its record"),
    "follow_up_restore": Label("ghi lại vào bản ghi", "put back into its record"),
}
_ROUND = {
    "report_sent": Label("ghi đã gửi báo cáo của", "marked the report as sent of"),
    "round_ended": Label("ghi ngày kết thúc của", "set the end of"),
}
_SNAPSHOT = {
    "freeze": Label("chốt", "froze"),
    "snapshot_submit": Label("trình duyệt", "submitted"),
    "snapshot_send_back": Label("trả lại", "sent back"),
    "snapshot_approve": Label("duyệt", "approved"),
    "snapshot_issue": Label("phát hành", "issued"),
    "snapshot_discard": Label("bỏ", "discarded"),
    "snapshot_texts": Label("sửa phần lời của", "changed the texts of"),
    "snapshot_superseded": Label("thay thế", "superseded"),
    "snapshot_taken_over": Label("niêm phong nguyên trạng", "sealed as it stood"),
}
_EXCEPTION = {
    "give_exception": Label("cho", "gave"),
    "end_exception": Label("kết thúc", "ended"),
}
_PLAN = {
    "load": Label("nạp", "loaded"),
    "set_phasing": Label("phân kỳ", "phased"),
    "drop_phasing": Label("bỏ phân kỳ không còn khớp của", "dropped phasing that no longer fits of"),
    "set_rules": Label("đổi quy tắc tính của", "changed the counting rules of"),
    "set_report_settings": Label(
        "đổi phần đầu và chữ ký báo cáo của", "changed heading and signature of the reports of"
    ),
}
_PLAN |= {
    "issue_plan": Label("ban hành", "issued"),
    "close_plan": Label("đóng", "closed"),
    "reopen_plan": Label("mở lại", "opened again"),
    "take_over_example": Label("dùng làm kế hoạch của cơ quan:", "made the office's own:"),
}
_PLAN_DRAFT = {
    "begin_plan_draft": Label("bắt đầu", "began"),
    "submit_plan_draft": Label("trình ban hành", "submitted"),
    "take_back_plan_draft": Label("lấy lại để sửa", "took back to change it"),
    "discard_plan_draft": Label("bỏ", "discarded"),
    "issue_plan_draft": Label("ban hành", "issued"),
    "attach_document": Label("thêm văn bản vào", "kept a document beside"),
    "remove_document": Label("gỡ văn bản khỏi", "took a document from"),
}
_ACCOUNT = {
    "create": Label("tạo", "made"),
    "set_units": Label("giao xã, phường cho", "gave communes to"),
    "set_role": Label("đổi vai trò của", "changed the role of"),
    "rename": Label("đổi tên hiển thị của", "renamed"),
    "set_identity": Label("đặt danh tính đơn vị của", "set the organisation's identity of"),
    "new_link": Label("tạo đường dẫn một lần cho", "made a one-time link for"),
    "set_password": Label("đặt mật khẩu của", "set the password of"),
    "disable": Label("khoá", "disabled"),
    "enable": Label("mở lại", "let in again"),
    "sign_out_others": Label("đăng xuất các máy khác của", "signed out the other devices of"),
}
ACTS: dict[tuple[str, str], Label] = {
    (subject, act): label
    for subject, acts in {
        "record": _RECORD,
        "review_batch": _REVIEW_BATCH,
        "second_look": _SECOND_LOOK,
        "recommendation": _RECOMMENDATION,
        "round": _ROUND,
        "snapshot": _SNAPSHOT,
        "lock_exception": _EXCEPTION,
        "plan": _PLAN,
        "plan_draft": _PLAN_DRAFT,
        "account": _ACCOUNT,
        "office": {"set_office": Label("đặt đơn vị và các xã của", "set the unit and communes of")},
        "boundaries": {"import_boundaries": Label("nhập", "imported")},
        "holiday": {"set_day": Label("đặt", "set")},
    }.items()
    for act, label in acts.items()
}
"""What somebody did to a subject, to stand between who and which: "Lãnh đạo phòng đã *xác nhận* bản ghi …"."""

CHANNELS: dict[str, Label] = {
    "page": Label("trang", "page"),
    "outbox": Label("hộp gửi của máy tính bảng", "the tablet's outbox"),
    "file": Label("tệp của máy tính bảng", "a tablet's file"),
    "link": Label("đường dẫn một lần", "one-time link"),
    "first": Label("lần chạy đầu", "first start"),
    "seed": Label("chương trình", "program"),
    "sample": Label("dữ liệu mẫu", "sample data"),
}
"""The channels by which an act comes in."""
