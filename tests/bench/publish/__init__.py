"""Publishing, beside rclone and `hugo deploy`."""
