## Yêu cầu gửi đến quá chậm
problem-408-title = Gửi dữ liệu quá chậm
problem-408-detail = Phần còn lại của nội dung bạn gửi chưa đến nơi nên chúng tôi không chờ nữa. Hãy kiểm tra đường truyền rồi gửi lại.
